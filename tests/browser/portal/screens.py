"""Every screen of the portal: who sees it, and where; `{export}` stands for the id of an export."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """A screen and its React component. `shown` is something that is there when all of it is loaded."""

    component: str
    path: str
    heading: str
    shown: str
    name: str
    person: str = "contoso/ada"


_MANAGE = "/integrations/dynamics"
SCREENS = (
    Screen(
        name="integrations",
        component="IntegrationsPage",
        path="/integrations",
        heading="Integrations",
        shown="Manage",
    ),
    Screen(
        name="connect",
        component="ConnectPage",
        path=f"{_MANAGE}/connect",
        heading="Connect Dynamics 365",
        shown="Switch it on for your users",
    ),
    Screen(
        name="general",
        component="GeneralTab",
        path=f"{_MANAGE}/general",
        heading="Dynamics 365",
        shown="People become leads",
    ),
    Screen(
        name="mapping-lead",
        component="MappingTab",
        path=f"{_MANAGE}/mapping/lead",
        heading="Dynamics 365",
        shown="Verify and Save",
    ),
    Screen(
        name="activity",
        component="ActivityPage",
        path="/activity",
        heading="Activity",
        shown="Ada Lindqvist",
    ),
    Screen(
        name="new-export",
        component="NewExportPage",
        path="/export",
        heading="New export",
        shown="Leads",
        person="contoso/bruno",
    ),
    Screen(name="history", component="HistoryPage", path="/exports", heading="History", shown="Leads"),
    Screen(
        name="export", component="ExportPage", path="/exports/{export}", heading="Export", shown="Created"
    ),
    Screen(
        name="my-integrations",
        component="SettingsPage",
        path="/settings/integrations",
        heading="My integrations",
        shown="Dynamics 365",
        person="contoso/bruno",
    ),
)
