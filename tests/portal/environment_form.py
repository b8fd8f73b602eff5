"""What the form of a new environment is sent, but for its name."""

FILE = {
    "account": "111122223333",
    "region": "eu-central-1",
    "lake_bucket": "example-lake",
    "templates_bucket": "example-templates",
    "network.vpc": "vpc-0123456789abcdef0",
    "network.subnets": "subnet-0123456789abcdef0\nsubnet-0123456789abcdef1",
    "roles.planner": "arn:aws:iam::111122223333:role/planner",
    "roles.deployer": "arn:aws:iam::111122223333:role/deployer",
    "roles.cloudformation": "arn:aws:iam::111122223333:role/cloudformation",
    "allowed_host_suffixes": "",
}
