"""What is kept about connections."""

from dataclasses import dataclass

from functions.trail import AuditTrail
from shared.storage.attentions import AttentionStore
from shared.storage.auth_flows import AuthFlowStore
from shared.storage.connections import AccessStore, ConnectionStore
from shared.storage.tokens import TokenStore
from shared.storage.user_connections import UserConnectionStore
from shared.storage.users import UserStore


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectStores:
    """The stores that the steps of connecting share."""

    connections: ConnectionStore
    user_connections: UserConnectionStore
    access: AccessStore
    tokens: TokenStore
    flows: AuthFlowStore
    attentions: AttentionStore
    users: UserStore
    trail: AuditTrail
