"""CloudWatch alarms: moto keeps them, and here they are evaluated, from the metrics that the local DMS measures."""
