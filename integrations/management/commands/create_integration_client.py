"""`manage.py create_integration_client`: an outside system that may call."""

from argparse import ArgumentParser
from typing import Any

from integrations.models import (
    MINUTE_REQUESTS,
    Environment,
    Feature,
    IntegrationClient,
    MappingFallback,
    MappingStrategy,
)
from integrations.scopes import Scope
from integrations.selectors import tenant_named
from integrations.services.clients import RECORD_KINDS, THRESHOLDS, MappingSettings, create_client
from ordinavo.kernel.commands import OperatorCommand

ALL = "all"


class Command(OperatorCommand):
    """Makes a client; its key is issued by `issue_api_key`."""

    help = "Make an integration client of a tenant (or, with --environment test, of its test twin)."

    def arguments(self, parser: ArgumentParser) -> None:
        """Add who the client is, what it may do, and how its records are mapped."""
        parser.add_argument("--tenant", required=True, help="slug of the tenant")
        parser.add_argument("--name", required=True)
        parser.add_argument("--source-system", required=True, help="key such as logistics_erp; made if new")
        parser.add_argument("--environment", choices=Environment.values, default=Environment.LIVE.value)
        _several(parser, "--scope", [*Scope.values, ALL], "repeatable")
        _several(parser, "--feature", Feature.values, "repeatable")
        _several(parser, "--allow", None, "network in CIDR form that may call; repeatable, none = anywhere")
        parser.add_argument("--requests-per-minute", type=int, default=MINUTE_REQUESTS)
        parser.add_argument(
            "--inactive", action="store_true", help="its keys are refused until it is switched on"
        )
        self._mapping_arguments(parser)

    def _mapping_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--strategy", choices=MappingStrategy.values, default=MappingStrategy.EXTERNAL_ID_FIRST.value
        )
        _several(parser, "--fallback", MappingFallback.values, "repeatable")
        _several(parser, "--create", RECORD_KINDS, "kind of record that imports may create; repeatable")
        _several(parser, "--update", RECORD_KINDS, "kind of record that imports may update; repeatable")
        for name in THRESHOLDS:
            field: Any = IntegrationClient._meta.get_field(name)
            parser.add_argument(f"--{name.replace('_', '-')}", type=float, help=field.help_text)

    def perform(self, **options: Any) -> dict[str, Any]:
        """Make it."""
        asked = options["scope"]
        client = create_client(
            tenant=tenant_named(options["tenant"]),
            name=options["name"],
            source_system_key=options["source_system"],
            scopes=list(Scope) if ALL in asked else [Scope(scope) for scope in asked],
            environment=Environment(options["environment"]),
            mapping=MappingSettings(
                strategy=options["strategy"],
                fallbacks=options["fallback"],
                create=options["create"],
                update=options["update"],
                **{name: options[name] for name in THRESHOLDS},
            ),
            ip_allowlist=options["allow"],
            features=options["feature"],
            requests_per_minute=options["requests_per_minute"],
            active=not options["inactive"],
        )
        return {
            "id": client.id,
            "tenant": client.tenant.slug,
            "name": client.name,
            "sourceSystem": client.source_system.key,
            "environment": client.environment.value,
            "scopes": client.scopes,
        }


def _several(parser: ArgumentParser, name: str, choices: Any, text: str) -> None:
    parser.add_argument(name, action="append", default=[], choices=choices, help=text)
