"""Where the engine meets the outside world: AWS through boto3, git through dulwich, files, clocks, cfn-lint."""
