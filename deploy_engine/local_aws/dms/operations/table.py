"""The table that DMS's operations register in."""

from deploy_engine.local_aws.contract.operations import OperationTable

DMS = OperationTable(
    "dms",
    validation_code="ValidationException",
    common_errors=frozenset(
        {
            "InvalidParameterValueException",
            "InvalidParameterCombinationException",
            "AccessDeniedException",
            "ThrottlingException",
        }
    ),
)
