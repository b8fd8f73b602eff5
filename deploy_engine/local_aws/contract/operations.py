"""Which operations a service of the local AWS has, and the checks around each call of one.

A handler gets the region's state and the request's members and returns the response's members. What botocore's
model does not allow, and what the handler does not say that it accepts, never reaches it.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from botocore.model import OperationModel, OperationNotFoundError, ServiceModel

from deploy_engine.local_aws.contract.shapes import problems, service_model
from deploy_engine.local_aws.contract.times import turned
from deploy_engine.local_aws.errors import AwsError, unsupported

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region

Members = dict[str, Any]
Handler = Callable[["Region", Members], Members]


class BrokenContractError(Exception):
    """A handler answered what AWS could not have answered: a defect of the local AWS itself."""


class OperationTable:
    """The operations of one service, by name."""

    def __init__(self, service: str, validation_code: str, common_errors: frozenset[str]) -> None:
        """``common_errors`` are the codes that any operation may answer without declaring them."""
        self.service = service
        self.validation_code = validation_code
        self.common_errors = common_errors | {validation_code, "UnsupportedOperation"}
        self._handlers: dict[str, tuple[Handler, frozenset[str]]] = {}

    @property
    def model(self) -> ServiceModel:
        """Return botocore's model of the service."""
        return service_model(self.service)

    @property
    def names(self) -> list[str]:
        """Return the operations that the local AWS has."""
        return sorted(self._handlers)

    def accepted(self, name: str) -> frozenset[str]:
        """Return the members that operation ``name`` heeds."""
        return self._handlers[name][1]

    def operation(self, name: str, accepts: str = "") -> Callable[[Handler], Handler]:
        """Register a handler for ``name``; ``accepts`` lists, between spaces, the members that it heeds."""

        def register(handler: Handler) -> Handler:
            self._handlers[name] = (handler, frozenset(accepts.split()))
            return handler

        return register

    def operation_model(self, name: str) -> OperationModel:
        """Return the model of operation ``name``; refuse one that AWS does not have."""
        try:
            return self.model.operation_model(name)
        except OperationNotFoundError as error:
            code = "InvalidAction" if self.model.metadata["protocol"] == "query" else "UnknownOperationException"
            raise AwsError(code, f"Could not find operation {name} for {self.service}.") from error

    def call(self, region: "Region", name: str, members: Members, *, check_response: bool = False) -> Members:
        """Carry out operation ``name``.

        Raises AwsError where AWS would refuse, and BrokenContractError (only with ``check_response``) when the answer
        is not one that botocore's model allows.
        """
        model = self.operation_model(name)
        if name not in self._handlers:
            raise unsupported(f"the operation {name} of {self.service}")
        handler, accepted = self._handlers[name]
        self._check_request(model, members, accepted)
        try:
            result = handler(region, turned(model.input_shape, members, region.world.clock.moment))
            result = dict(turned(model.output_shape, result, region.world.clock.shown))
        except AwsError as error:
            if check_response:
                self._check_error(model, error)
            raise
        if check_response and model.output_shape is not None:
            wrong = problems(model.output_shape, _compact(result))
            if wrong:
                raise BrokenContractError(f"{name} answered: {'; '.join(wrong)}")
        return result

    def _check_request(self, model: OperationModel, members: Members, accepted: frozenset[str]) -> None:
        wrong = problems(model.input_shape, members) if model.input_shape is not None else []
        if wrong:
            noun = "validation error" if len(wrong) == 1 else "validation errors"
            raise AwsError(self.validation_code, f"{len(wrong)} {noun} detected: {'; '.join(wrong)}")
        ignored = sorted(set(members) - accepted)
        if ignored:
            raise unsupported(f"the parameter {', '.join(ignored)} of {model.name}")

    def _check_error(self, model: OperationModel, error: AwsError) -> None:
        declared = {str(getattr(shape, "error_code", "")) for shape in model.error_shapes}
        if error.code not in declared | self.common_errors:
            raise BrokenContractError(f"{model.name} refused with {error.code}, which it does not declare")


def _compact(value: Any) -> Any:
    """Leave out the members that are None, as the wire does."""
    if isinstance(value, dict):
        return {key: _compact(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_compact(item) for item in value]
    return value
