"""What the settings say, as the values that the parts take: they know no settings."""

from collections.abc import Callable
from urllib.parse import urlsplit

from bot.services import feeds
from bot.services.site import SiteFacts
from bot.services.submitting import Defaults
from bot.settings import Settings


def missing_systems(settings: Settings) -> frozenset[str]:
    """The optional systems whose section is not there: their commands do not exist."""
    optional = {
        "harbor": settings.harbor,
        "registry": settings.harbor or [one for one in settings.registries if not one.mirror_of],
        "storage": settings.storage,
        "web": settings.web.public_url,
    }
    return frozenset(name for name, section in optional.items() if not section)


def site_facts(settings: Settings, told: Callable[[], str] = str) -> SiteFacts:
    """The registry people push to: the lab's Harbor, else the first one that is no mirror of another."""
    own = (registry.url for registry in settings.registries if not registry.mirror_of)
    address = urlsplit(str(settings.harbor.url) if settings.harbor else next(own, ""))
    return SiteFacts(
        name=settings.site.name,
        address=address.netloc.rpartition("@")[2],
        told=told,
        plain_http=address.scheme == "http",
        project=settings.harbor.project if settings.harbor else "",
        sudo=settings.site.sudo_docker,
        pip_mirror=str(settings.site.pip_mirror),
        harbor=settings.harbor is not None,
        images="registry" not in missing_systems(settings),
    )


def feed_events(settings: Settings) -> tuple[str, ...]:
    """What groups can be told of in this lab: news of Harbor come by its webhooks alone."""
    hub = settings.harbor is not None and settings.harbor.webhook_secret is not None
    return (
        *feeds.JOB_EVENTS,
        *(feeds.HUB_EVENTS if hub else ()),
        *(feeds.STORAGE_EVENTS if settings.storage else ()),
    )


def keys(settings: Settings) -> list[str]:
    return [key.get_secret_value() for key in settings.secrets.keys]


def job_defaults(settings: Settings) -> Defaults:
    """What the site *said*; what it left at our defaults yields to the cluster's SKUs."""
    jobs = settings.jobs
    said = jobs.model_fields_set
    return Defaults(
        image=jobs.image,
        vc=jobs.vc if "vc" in said else "",
        sku=jobs.sku,
        gpus=jobs.gpu,
        cpu_per_gpu=jobs.cpu_per_gpu if "cpu_per_gpu" in said else 0,
        memory_mb_per_gpu=int(jobs.memory_per_gpu) >> 20 if "memory_per_gpu" in said else 0,
        shm_mb=int(jobs.shm) >> 20 if "shm" in said else 0,
        priority=jobs.priority,
        retries=jobs.retries,
    )
