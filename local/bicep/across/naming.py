"""Azure's rules for names, applied to every name of every region, the longest among them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from local.bicep.evaluation import Deployed
from local.bicep.findings import Finding


@dataclass(frozen=True, slots=True)
class NameRule:
    """How long a name may be, and of what ("Naming rules and restrictions for Azure resources")."""

    least: int
    most: int
    pattern: str


_WORDS = r"[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]"
_LOOSE = r"[A-Za-z0-9][\w.-]*"
RULES = {
    "Microsoft.Consumption/budgets": NameRule(1, 63, r"[\w-]+"),
    "Microsoft.Insights/actionGroups": NameRule(1, 260, r"[^:<>+/&%\\?|]*[^:<>+/&%\\?|. ]"),
    "Microsoft.Insights/components": NameRule(1, 260, r"[\w.()-]*[\w()-]"),
    "Microsoft.Insights/metricAlerts": NameRule(1, 260, r"[^*#&+:<>?@%{}\\/]*[^*#&+:<>?@%{}\\/. ]"),
    "Microsoft.Insights/scheduledQueryRules": NameRule(1, 260, r"[^*<>%{}&:\\?/#|]*[^*<>%{}&:\\?/#|. ]"),
    "Microsoft.KeyVault/vaults": NameRule(3, 24, r"[A-Za-z](?:-?[A-Za-z0-9])*"),
    "Microsoft.KeyVault/vaults/keys": NameRule(1, 127, r"[A-Za-z0-9-]+"),
    "Microsoft.ManagedIdentity/userAssignedIdentities": NameRule(3, 128, r"[A-Za-z0-9][\w-]*"),
    "Microsoft.Network/networkSecurityGroups": NameRule(1, 80, _LOOSE),
    "Microsoft.Network/privateDnsZones": NameRule(1, 63, r"[\w-]+(?:\.[\w-]+)+"),
    "Microsoft.Network/privateEndpoints": NameRule(2, 64, _LOOSE),
    "Microsoft.Network/virtualNetworks": NameRule(2, 64, _LOOSE),
    "Microsoft.OperationalInsights/workspaces": NameRule(4, 63, _WORDS),
    "Microsoft.Resources/resourceGroups": NameRule(1, 90, r"[\w.()-]*[\w()-]"),
    "Microsoft.Storage/storageAccounts": NameRule(3, 24, r"[a-z0-9]+"),
    "Microsoft.Storage/storageAccounts/blobServices/containers": NameRule(3, 63, r"[a-z0-9](?:-?[a-z0-9])*"),
    "Microsoft.Storage/storageAccounts/queueServices/queues": NameRule(3, 63, r"[a-z0-9](?:-?[a-z0-9])*"),
    "Microsoft.Storage/storageAccounts/tableServices/tables": NameRule(3, 63, r"[A-Za-z][A-Za-z0-9]*"),
    "Microsoft.Web/serverfarms": NameRule(1, 60, r"[A-Za-z0-9-]+"),
    # The functions host takes the first 32 characters as its id: two apps that share them share leases.
    "Microsoft.Web/sites": NameRule(2, 32, _WORDS),
    "Microsoft.Web/staticSites": NameRule(1, 40, r"[A-Za-z0-9][A-Za-z0-9-]*"),
}


def judge_names(resources: list[Deployed], region: str) -> Iterator[Finding]:
    """Names of one region that Azure would refuse."""
    for each in resources:
        rule = RULES.get(each.type)
        if rule is None or each.name is None:
            continue
        fits = rule.least <= len(each.name) <= rule.most and re.fullmatch(rule.pattern, each.name)
        if not fits:
            what = (
                f"In {region} this {each.type} would be called {each.name!r} ({len(each.name)} characters)."
            )
            todo = f"Azure takes {rule.least} to {rule.most} characters that match {rule.pattern}."
            yield Finding(each.file.path, each.statement.at, what, todo)
