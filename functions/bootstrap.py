"""The composition root: settings in, the app out. Opens no connection."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import azure.functions as func
import requests

from functions.about import routes as about
from functions.audit import routes as audit
from functions.audit.service import AuditService
from functions.connect import pages
from functions.connect import routes as connect
from functions.connect import workers as connect_workers
from functions.connect.approvals import Approvals
from functions.connect.callback import Callback
from functions.connect.checks import ConnectionCheck
from functions.connect.completing import Completion
from functions.connect.confirming import Confirmations
from functions.connect.proof import ConsentProof
from functions.connect.service import ConnectService
from functions.connect.starting import Starts
from functions.connect.stores import ConnectStores
from functions.connect.views import Views
from functions.export import change_routes as export_changes
from functions.export import choice_routes, workers
from functions.export import routes as export_routes
from functions.export.candidates import Candidates
from functions.export.change_routes import Changes
from functions.export.choosing import Choosing
from functions.export.history import ExportHistory
from functions.export.pipeline import InlineRun, Sizes, build_pipeline
from functions.export.prepared import PreparedExports
from functions.export.recovery import Recovery
from functions.export.results import Results
from functions.export.service import ExportService
from functions.export.stopping import Stopping
from functions.export.stores import ExportStores
from functions.export.undo.service import UndoService
from functions.http import Api
from functions.identity import Callers
from functions.limits import routes as limits
from functions.mapping import field_routes, file_routes, trial_routes, version_routes
from functions.mapping import routes as mapping_routes
from functions.mapping.destinations import OrganizationDestinations
from functions.mapping.imports import MappingImports
from functions.mapping.previews import Previews
from functions.mapping.privilege_check import PrivilegeCheck
from functions.mapping.sample import SampleCheck
from functions.mapping.service import MappingService
from functions.mapping.stores import MappingStores
from functions.mapping.versions import MappingVersions
from functions.mapping.warnings import advise, watch_drift
from functions.organizations import Organizations, Outgoing
from functions.owners import Owners
from functions.preferences import routes as preferences
from functions.preferences.service import PreferencesService
from functions.privacy import routes as privacy
from functions.privacy import workers as privacy_workers
from functions.privacy.erasing import Eraser
from functions.privacy.retention import Retention
from functions.privacy.service import PrivacyService
from functions.privacy.stores import PrivacyStores
from functions.quotas import Quotas
from functions.rates import RequestRates
from functions.tenants import Tenants
from functions.trail import AuditTrail
from functions.users import routes as users
from functions.users.noting import NotedUsers
from functions.watch import workers as watch_workers
from functions.watch.service import Watch
from functions.who_am_i import asks_who_am_i
from shared import log, telemetry
from shared.entra.applications import Applications
from shared.entra.credential import ClientCredential, IdentityAssertion, Secret
from shared.entra.directory import directory_of
from shared.entra.discovery import EntraHttp
from shared.entra.sign_in import SignIn
from shared.entra.tokens import AccessTokens
from shared.settings import Settings, read_settings
from shared.storage.account import StorageAccount
from shared.storage.active import ActiveTenants
from shared.storage.approvals import ApprovalStore
from shared.storage.attentions import AttentionStore
from shared.storage.audit import AuditStore
from shared.storage.auth_flows import AuthFlowStore
from shared.storage.choices import ChoiceStore
from shared.storage.chunks import ChunkStore
from shared.storage.clients import clients_of
from shared.storage.confirmations import ConfirmationStore
from shared.storage.connections import AccessStore, ConnectionStore, count_in_need
from shared.storage.cooldowns import CooldownStore
from shared.storage.crypto import EnvelopeCipher, KeyWrapper
from shared.storage.erasures import ErasureStore
from shared.storage.expiries import ContentsIndex
from shared.storage.exports import ExportStore
from shared.storage.files import ExportFiles
from shared.storage.idempotency import IdempotencyStore
from shared.storage.key_file import FileKeys
from shared.storage.key_vault import VaultKey
from shared.storage.made_accounts import MadeAccounts
from shared.storage.mapping_versions import MappingVersionStore
from shared.storage.mappings import MappingStore
from shared.storage.names import POISON, Container, Queue, Table
from shared.storage.person_claims import PersonClaims
from shared.storage.preferences import PreferencesStore
from shared.storage.progress import ProgressStore
from shared.storage.tokens import TokenStore
from shared.storage.usage import UsageStore
from shared.storage.user_connections import UserConnectionStore
from shared.storage.users import UserStore
from shared.storage.wipe import TenantWipe
from shared.storage.writes import WriteLedger
from shared.transport import session

_CONNECTIONS_PER_HOST = 64


def build_app(environ: Mapping[str, str]) -> func.FunctionApp:
    """Every function of the service. SettingsRefused names all that is wrong with the environment."""
    settings = read_settings(environ)
    log.configure()
    telemetry.start(settings.telemetry)
    outside = _Outside(settings)
    callers = Callers(settings.api_issuer, settings.api_audience, settings.api_jwks_url, outside.http)
    rates = RequestRates(settings.limits)
    noted = NotedUsers(outside.users, _now)
    api = Api(callers=callers, portal_origins=settings.portal_origins, limit=rates.take, seen=noted.note)
    services = _Services(outside)
    app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
    for blueprint in (
        connect.connection_blueprint(api, services.connect, services.views, services.check),
        connect.own_connection_blueprint(api, services.connect, services.views),
        connect.confirmation_blueprint(api, services.confirmations, services.views),
        connect_workers.blueprint(outside.connections.flows, _now, schedule=settings.watch_schedule),
        pages.callback_blueprint(api, services.callback, services.approvals, settings.portal_origins),
        preferences.blueprint(api, PreferencesService(outside.preferences, outside.trail)),
        field_routes.blueprint(api, services.mappings),
        mapping_routes.blueprint(api, services.mappings),
        trial_routes.blueprint(api, services.mappings, services.previews),
        version_routes.blueprint(api, services.versions),
        file_routes.blueprint(api, services.mappings, MappingImports(services.mappings)),
        export_routes.blueprint(api, services.exports, services.history, services.results),
        choice_routes.blueprint(api, services.exports, services.choosing, services.candidates),
        export_changes.blueprint(api, services.export_changes),
        workers.blueprint(
            services.pipeline, services.recovery, outside.trail, schedule=settings.revive_schedule
        ),
        audit.blueprint(api, AuditService(outside.audit)),
        users.blueprint(api, outside.users),
        privacy.blueprint(api, services.privacy),
        privacy_workers.blueprint(
            Eraser(outside.privacy),
            Retention(outside.privacy, days=settings.export_retention_days),
            outside.trail,
            schedule=settings.retention_schedule,
        ),
        watch_workers.blueprint(outside.watch, schedule=settings.watch_schedule),
        limits.blueprint(api, rates, outside.exports.quotas),
        about.blueprint(
            api,
            public_api_url=settings.public_api_url,
            storage_answers=outside.storage_answers,
        ),
    ):
        app.register_functions(blueprint)
    return app


def _now() -> datetime:
    return datetime.now(UTC)


class _Outside:
    """The doors to the outside: storage, and one HTTP session. Each opens when it is first used."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        storage = StorageAccount(clients_of(settings.storage), clock=_now)
        tenants = storage.table(Table.TENANTS)
        self.access = AccessStore(tenants)
        self.preferences = PreferencesStore(tenants)
        self.mappings = MappingStore(tenants)
        self.idempotency = IdempotencyStore(storage.table(Table.IDEMPOTENCY))
        self.metadata = storage.container(Container.METADATA)
        self.users = UserStore(storage.table(Table.USERS))
        self.audit = AuditStore(storage.table(Table.AUDIT))
        self.trail = AuditTrail(self.audit, _now)
        self.mapping_stores = MappingStores(
            mappings=self.mappings,
            versions=MappingVersionStore(storage.table(Table.MAPPING_VERSIONS)),
            trail=self.trail,
            clock=_now,
        )
        cipher = EnvelopeCipher(_key_wrapper(settings))
        self.approvals = ApprovalStore(storage.table(Table.AUTH_FLOWS), cipher)
        self.confirmations = ConfirmationStore(storage.table(Table.AUTH_FLOWS), cipher)
        self.connections = ConnectStores(
            connections=ConnectionStore(tenants),
            user_connections=UserConnectionStore(storage.table(Table.USER_CONNECTIONS)),
            access=self.access,
            tokens=TokenStore(storage.table(Table.TOKENS), cipher),
            flows=AuthFlowStore(storage.table(Table.AUTH_FLOWS)),
            attentions=AttentionStore(tenants),
            users=self.users,
            trail=self.trail,
        )
        exports = _exports(settings, storage)
        self.exports = ExportStores(
            exports=exports,
            chunks=ChunkStore(storage.table(Table.CHUNKS)),
            progress=ProgressStore(storage.table(Table.CHUNKS)),
            files=ExportFiles(storage.container(Container.EXPORTS)),
            cooldowns=CooldownStore(tenants),
            split_queue=storage.queue(Queue.SPLIT),
            write_queue=storage.queue(Queue.WRITE),
            writes=WriteLedger(storage.table(Table.WRITES)),
            made=MadeAccounts(storage.table(Table.WRITES)),
            choices=ChoiceStore(storage.table(Table.WRITES)),
            claims=PersonClaims(storage.table(Table.WRITES), _now),
            trail=self.trail,
            quotas=Quotas(settings.limits, exports, UsageStore(tenants), _now),
            clock=_now,
            lease=timedelta(seconds=settings.export_lease_seconds),
        )
        self.privacy = PrivacyStores(
            exports=exports,
            chunks=self.exports.chunks,
            files=self.exports.files,
            choices=self.exports.choices,
            users=self.users,
            erasures=ErasureStore(storage.table(Table.ERASURES)),
            wipe=_tenant_wipe(storage),
            queue=storage.queue(Queue.ERASURE),
            trail=self.trail,
            clock=_now,
        )
        self.watch = Watch(
            [storage.backlog(queue.value + ending) for queue in Queue for ending in ("", POISON)],
            partial(count_in_need, tenants, storage.table(Table.USER_CONNECTIONS)),
            _now,
        )
        self._session: requests.Session | None = None
        self._tenants = tenants

    def http(self) -> requests.Session:
        """The session of every outgoing call. Two threads may make one each at first, which is harmless."""
        if self._session is None:
            self._session = session(
                self.settings.reroute,
                pool_size=_CONNECTIONS_PER_HOST,
                read_seconds=self.settings.http_read_seconds,
            )
        return self._session

    def storage_answers(self) -> None:
        """Raises a ServiceError when storage does not answer."""
        self._tenants.get("health", "health")


class _Services:
    """The use cases, each over the doors that it needs."""

    def __init__(self, outside: _Outside) -> None:
        settings = outside.settings
        applications = Applications(
            settings.entra_client_id,
            _client_credential(settings),
            EntraHttp(outside.http, _now),
        )
        tokens = AccessTokens(applications, outside.connections.tokens, clock=_now)
        sign_in = SignIn(applications, settings.redirect_uri)
        organizations = Organizations(
            outgoing=Outgoing(outside.http, settings.export_window),
            connections=outside.connections.connections,
            user_connections=outside.connections.user_connections,
            tokens=tokens,
            metadata=outside.metadata,
            attentions=outside.connections.attentions,
            clock=_now,
        )
        destinations = OrganizationDestinations(
            organizations, outside.preferences, outside.exports.writes, outside.exports.choices
        )
        self.mappings = MappingService(
            outside.mapping_stores,
            organizations.columns,
            destinations.targets,
            fresh_columns=destinations.fresh_columns,
            watch=(watch_drift,),
            checks=(
                advise,
                PrivilegeCheck(destinations.client),
                SampleCheck(outside.exports.exports, outside.exports.files),
            ),
        )
        self.versions = MappingVersions(outside.mapping_stores, self.mappings)
        self.previews = Previews(self.mappings, destinations)
        prepared = PreparedExports(organizations, outside.exports.files.read_settings, Owners(_now))
        sizes = Sizes(settings.export_chunk_size, settings.export_lanes)
        self.pipeline = build_pipeline(outside.exports, prepared, sizes)
        self.recovery = Recovery(outside.exports, outside.idempotency, self.pipeline.lanes)
        tenants = Tenants(
            access=outside.access,
            preferences=outside.preferences,
            mappings=outside.mappings,
            organizations=organizations,
        )
        self.exports = ExportService(
            outside.exports,
            tenants,
            outside.idempotency,
            InlineRun(outside.exports, prepared, sizes),
            entropy=os.urandom,
        )
        self.candidates = Candidates(outside.exports, self.exports.get, prepared.of)
        self.choosing = Choosing(outside.exports, tenants, self.exports.get, os.urandom)
        undo = UndoService(outside.exports, tenants, self.exports.get, os.urandom)
        self.privacy = PrivacyService(outside.privacy, forget_tokens=organizations.forget, entropy=os.urandom)
        self.history = ExportHistory(outside.exports, self.exports.get)
        self.results = Results(outside.exports, self.history)
        stopping = Stopping(outside.exports, self.exports.get)
        self.export_changes = Changes(self.exports, stopping, undo, self.history)
        starts = Starts(flows=outside.connections.flows, sign_in=sign_in, clock=_now)
        fresh_token = partial(tokens.token, force=True)
        proof = ConsentProof(sign_in, outside.connections.connections, fresh_token)
        self.approvals = Approvals(
            outside.approvals, starts, settings.public_api_url, prove=proof.check, clock=_now
        )
        self.views = Views(outside.connections, self.approvals, _now)
        self.check = ConnectionCheck(organizations, outside.connections.attentions, _now)
        self.connect = ConnectService(
            outside.connections,
            starts,
            lambda organization: directory_of(outside.http(), organization),
            forget_tokens=organizations.forget,
            portal_origins=settings.portal_origins,
        )
        completion = Completion(
            outside.connections,
            self.approvals,
            forget_tokens=organizations.forget,
            resume_exports=self.recovery.resume,
        )
        self.confirmations = Confirmations(
            outside.confirmations,
            completion,
            outside.trail,
            required=settings.confirms_connections,
            clock=_now,
        )
        self.callback = Callback(
            outside.connections,
            sign_in,
            asks_who_am_i(outside.http, _now),
            approvals=self.approvals,
            confirmations=self.confirmations,
            clock=_now,
        )


def _client_credential(settings: Settings) -> ClientCredential:
    if settings.entra_client_identity is not None:
        return IdentityAssertion(settings.entra_client_identity)
    return Secret(settings.entra_client_secret or "")


def _exports(settings: Settings, storage: StorageAccount) -> ExportStore:
    lifetime = timedelta(days=settings.export_retention_days)
    return ExportStore(
        storage.table(Table.EXPORTS),
        ActiveTenants(storage.table(Table.ACTIVE), _now),
        ContentsIndex(storage.table(Table.EXPIRIES), _now, lifetime),
    )


def _tenant_wipe(storage: StorageAccount) -> TenantWipe:
    """Everything but the audit log."""
    tables = [storage.table(table) for table in Table if table is not Table.AUDIT]
    return TenantWipe(tables, [storage.container(container) for container in Container])


def _key_wrapper(settings: Settings) -> KeyWrapper:
    if settings.token_key_id is not None:
        return VaultKey(settings.token_key_id, settings.storage.identity)
    return FileKeys(Path(settings.token_key_file or ""))
