"""`/health/`: one JSON answer for load balancers, monitoring and the demo's starter."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.health.environments import environments
from portal.health.probes import PROBES


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 if every part works and 503 otherwise, with a sentence for each part; environments are only told."""
    answers = [probe() for probe in PROBES]
    healthy = all(answer.works for answer in answers)
    return JsonResponse(
        {
            "healthy": healthy,
            "parts": {answer.part: {"works": answer.works, "message": answer.message} for answer in answers},
            "environments": environments(),
        },
        status=200 if healthy else 503,
    )
