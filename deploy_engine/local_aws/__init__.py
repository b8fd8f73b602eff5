"""An AWS on this machine: DMS and CloudFormation of its own, moto for the rest, spoken to over real HTTP.

A rehearsal stage for development, demos and tests, and no part of the product: nothing of the product imports it, and
it imports nothing of the product. What it does not do, it refuses with an AWS error. What is simplified: `Timings`
says how long things take, sources other than a real PostgreSQL are invented (`dms/sources/`) and their files hold a
bounded sample of invented rows, policies are read for ``s3:PutObject`` and for conditions on tags only.

As a process:  ``python -m deploy_engine.local_aws --port 4566 --company examples/company --env local``

In a test's own process (`testing.py`), with a clock that the test moves::

    from deploy_engine.local_aws.testing import LocalAws

    with LocalAws.start(clock=None, timings=None, account="123456789012", check_responses=True) as aws:
        aws.endpoint_url                      # for boto3, the AWS command line, an environment's endpoint_url
        aws.client("dms")                     # a boto3 client for it, without retries
        aws.advance(30)                       # seconds of its clock; all that falls due has happened
        aws.calls(); aws.count("dms:StopReplicationTask"); aws.forget_calls()
        aws.fault("throttle", service="dms", operation="StartReplicationTask", skip=0, times=1)
        aws.missing_tables("sluice/food/fooddb", ("foodsearch", "gone"))
        aws.source_table("sluice/food/fooddb", "foodsearch", "barcodes", rows=1_000_000)
        aws.prepare_company(Path("examples/company"), "local")
        aws.clock; aws.reset(); aws.control("GET", "health")

How it is built: `gateway.py` tells services apart; `contract/` holds requests and responses to botocore's models;
`dms/` and `cloudformation/` have a ``state``, ``operations`` and an ``engine`` each; `time_line.py` moves both engines.
"""
