"""Structured logs: one event per line with its request id, as JSON for machines or coloured for people."""

from typing import Any, Literal

import structlog

SHARED_PROCESSORS: list[structlog.types.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.StackInfoRenderer(),
]


def configure_structlog() -> None:
    """Route structlog's loggers through the standard library's, so that one configuration rules both."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED_PROCESSORS,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def logging_settings(log_format: Literal["json", "console"], level: str) -> dict[str, Any]:
    """Give Django's `LOGGING`: everything to standard output, libraries only from WARNING on."""
    renderer: structlog.types.Processor
    if log_format == "json":
        renderer = structlog.processors.JSONRenderer()
        tail = [structlog.processors.format_exc_info, renderer]
    else:
        # Plain tracebacks: the pretty ones print local variables, and no value of a variable belongs in a log.
        renderer = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
        tail = [renderer]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED_PROCESSORS,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *tail],
            },
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            **{name: {"level": level} for name in ("portal", "replication", "deploy_engine", "django_structlog")},
            "botocore.credentials": {"level": "ERROR"},  # it warns, with a traceback, of what its caller is told anyway
            "django.request": {"level": "ERROR"},  # what answered 4xx stands in django_structlog's line already
        },
    }
