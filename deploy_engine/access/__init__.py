"""What the three roles of an environment may do in AWS: IAM policies made from the environment's file.

Pure functions from config to policy documents. The deployments' own rules say what Sluice does; these say what it could
do if it went wrong, or if somebody else had its credentials: as little as the calls that it makes need.
"""

from deploy_engine.access.external_id import external_id
from deploy_engine.access.roles import ROLES, RoleDocuments, role_documents
from deploy_engine.access.statement import Place, Statement

__all__ = ["ROLES", "Place", "RoleDocuments", "Statement", "external_id", "role_documents"]
