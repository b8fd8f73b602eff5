"""The shape of the AWS API, taken from botocore's service models: what a request and a response may hold."""
