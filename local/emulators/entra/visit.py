"""The steps of a visit after somebody signed in: second factor, consent, and back to the application."""

import secrets
from dataclasses import dataclass

from starlette.responses import Response

from local.emulators.entra.answers import answer, answer_error
from local.emulators.entra.directory import Application, Directory, User
from local.emulators.entra.emulator import Emulator
from local.emulators.entra.errors import EntraError, Incident
from local.emulators.entra.flow import Flow, FlowKind
from local.emulators.entra.grants import Code, seal_code
from local.emulators.entra.ledger import EVERYBODY, Consent
from local.emulators.entra.scopes import (
    DYNAMICS,
    GRAPH,
    Api,
    expand,
    granted_scope,
    parse_scope,
    registered_api,
)
from local.emulators.entra.tokens import client_info


@dataclass(frozen=True, slots=True)
class Visit:
    """A flow whose person, directory and application are known."""

    emulator: Emulator
    incident: Incident
    flow: Flow
    application: Application
    user: User
    directory: Directory

    def next_step(self) -> Response:
        """The page or redirect that comes next, or EntraError where a page of Entra's own says why not."""
        self.check_person()
        if self.needs_mfa():
            return self.page("mfa")
        try:
            missing = self.missing_consents()
        except EntraError as error:
            return answer_error(self.emulator.pages, self.flow, error, self.incident)
        if self.flow.kind is FlowKind.ADMIN_CONSENT:
            return self.page("consent" if self.user.is_global_admin else "approval")
        if missing or self.flow.prompt == "consent":
            return self.page("consent" if self.may_consent() else "approval")
        return self.finish()

    def check_person(self) -> None:
        """Refuse who is disabled or blocked, and whose directory is not the one that was asked for."""
        if not self.emulator.ledger.is_enabled(self.user):
            raise EntraError(50057)
        if self.emulator.ledger.person(self.user).blocked_by_policy:
            raise EntraError(53003)
        tenancy = self.emulator.tenancy(self.flow.tenant)
        if tenancy.directory and tenancy.directory.id != self.user.directory:
            raise EntraError(
                50020,
                email=self.user.email,
                home=self.user.directory,
                tenant=tenancy.directory.name,
                client_id=self.application.id,
            )

    def needs_mfa(self) -> bool:
        """Whether the second factor is still to come."""
        return self.emulator.ledger.person(self.user).mfa_required and not self.flow.mfa

    def may_consent(self) -> bool:
        """Whether this person may consent at least for himself."""
        return self.user.is_global_admin or self.emulator.ledger.allows_user_consent(self.directory)

    def wanted_consents(self, principal: str) -> list[Consent]:
        """The grants that the requested scope needs, given by this principal."""
        requested = parse_scope(self.flow.scope)
        wanted: dict[str, tuple[Api, tuple[str, ...]]] = {GRAPH.id: (GRAPH, tuple(GRAPH.permissions))}
        for resource, permissions in requested.resources.items():
            api = registered_api(self.emulator.world, self.directory, self.application, resource)
            wanted[api.id] = (api, expand(api, self.application, permissions))
        return [
            Consent(self.directory.id, self.application.id, api.id, principal, names)
            for api, names in wanted.values()
        ]

    def missing_consents(self) -> list[Consent]:
        """The grants that nobody has given yet for this person."""
        wanted = self.wanted_consents(self.user.id)
        return [consent for consent in wanted if not self.emulator.ledger.covers(consent)]

    def consent(self, *, for_everybody: bool) -> Response:
        """Record what the person accepted on the consent page, and go back to the application."""
        principal = EVERYBODY if for_everybody else self.user.id
        for consent in self.wanted_consents(principal):
            self.emulator.ledger.grant(consent)
        return self.finish()

    def finish(self) -> Response:
        """Back to the application with a code, or with the result of admin consent."""
        if self.flow.kind is FlowKind.ADMIN_CONSENT:
            result = {"admin_consent": "True", "tenant": self.directory.id, "scope": self._granted()}
            return answer(self.emulator.pages, self.flow, result)
        parameters = {
            "code": seal_code(self.emulator.seal, self._code()),
            "session_state": secrets.token_hex(16),
        }
        if self.flow.wants_client_info:
            parameters["client_info"] = client_info(self.user)
        return answer(self.emulator.pages, self.flow, parameters)

    def page(self, name: str) -> Response:
        """One of the pages that know the person."""
        return self.emulator.pages.show(
            name,
            flow=self.flow.sealed(self.emulator.seal),
            application=self.application,
            user=self.user,
            directory=self.directory,
            permissions=[*DYNAMICS.permissions.values(), *GRAPH.permissions.values()],
            for_organization=self.flow.kind is FlowKind.ADMIN_CONSENT,
        )

    def _granted(self) -> str:
        return " ".join(
            granted_scope(resource, names, expand(DYNAMICS, self.application, names))
            for resource, names in parse_scope(self.flow.scope).resources.items()
        )

    def _code(self) -> Code:
        return Code(
            id=secrets.token_hex(8),
            client_id=self.application.id,
            tenant=self.flow.tenant,
            user=self.user.id,
            scope=self.flow.scope,
            redirect_uri=self.flow.redirect_uri,
            challenge=self.flow.challenge,
            challenge_method=self.flow.challenge_method,
            nonce=self.flow.nonce,
            mfa=self.flow.mfa,
            signed_in=self.emulator.clock.now(),
        )
