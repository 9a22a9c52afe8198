"""What a row's page tells of its past: who changed which column, when, from what to what."""

import re

from running_dataverse import HOST, Answer, Organization
from test_dataverse_pages import page, visit

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgAAACAAAB4iG8MwAAAABJRU5ErkJggg=="
HERE = f"?organization={HOST}"


def history(organization: Organization, table: str, row_id: str) -> list[str]:
    """The entries of the history, latest first, as a reader sees them."""
    text = visit(organization, f"/view/{table}/{row_id}").text.partition('id="history"')[2]
    entries = re.findall(r'<li class="panel">(.*?)</li>', text, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in entries]


def patched(organization: Organization, address: str, **values: object) -> Answer:
    answer = organization.patch(address, values)
    assert answer.status_code == 204, answer.text
    return answer


def test_a_change_is_told_column_by_column_with_old_and_new_value(
    contoso: Organization, salesperson: Organization
) -> None:
    row_id = contoso.create("leads", lastname="Ngata", jobtitle="Buyer", donotemail=False)
    patched(salesperson, f"leads({row_id})", jobtitle="Head", donotemail=True, telephone1=None)
    change, creation = history(contoso, "lead", row_id)
    assert change.startswith("Changed by Bruno Okafor")
    assert "Job Title Buyer Head" in change
    assert "Do not allow Emails Allow Do Not Allow" in change
    assert "Business Phone" not in change  # it was empty before, too
    assert creation.startswith("Created by Ada Lindqvist")


def test_lookups_are_told_by_name(contoso: Organization) -> None:
    account = contoso.create("accounts", name="Northwind")
    row_id = contoso.create("contacts", lastname="Ngata")
    patched(contoso, f"contacts({row_id})", **{"parentcustomerid_account@odata.bind": f"accounts({account})"})
    assert "(empty) Northwind" in history(contoso, "contact", row_id)[0]


def test_a_state_brings_its_reason(contoso: Organization) -> None:
    row_id = contoso.create("leads", lastname="Ngata")
    patched(contoso, f"leads({row_id})", statecode=2)
    change = history(contoso, "lead", row_id)[0]
    assert "Status Open Disqualified" in change
    assert "Status Reason New Lost" in change


def test_an_image_is_told_without_its_bytes(contoso: Organization) -> None:
    row_id = contoso.create("accounts", name="Northwind")
    patched(contoso, f"accounts({row_id})", entityimage=PIXEL)
    change = history(contoso, "account", row_id)[0]
    assert "(empty) (an image)" in change
    assert PIXEL[:20] not in change


def test_a_change_to_the_same_value_is_no_change(contoso: Organization) -> None:
    row_id = contoso.create("accounts", name="Northwind")
    patched(contoso, f"accounts({row_id})", name="Northwind")
    assert [one.partition(" ")[0] for one in history(contoso, "account", row_id)] == ["Created"]


def test_bulk_changes_are_told_and_refused_ones_are_not(contoso: Organization) -> None:
    ids = [contoso.create("leads", lastname=str(number)) for number in range(2)]
    contoso.bulk("lead", "UpdateMultiple", [{"leadid": one, "jobtitle": "Buyer"} for one in ids])
    too_long = {"leadid": ids[1], "jobtitle": "x" * 200}
    contoso.bulk("lead", "UpdateMultiple", [{"leadid": ids[0], "jobtitle": "Head"}, too_long])
    for row_id in ids:
        assert [one.partition(" ")[0] for one in history(contoso, "lead", row_id)] == ["Changed", "Created"]


def test_a_deleted_row_still_has_its_past(contoso: Organization) -> None:
    row_id = contoso.create("leads", lastname="Ngata")
    patched(contoso, f"leads({row_id})", jobtitle="Buyer")
    contoso.call("DELETE", f"leads({row_id})")
    assert visit(contoso, f"/view/lead/{row_id}").status_code == 404
    deletion, change = history(contoso, "lead", row_id)
    assert deletion.startswith("Deleted by Ada Lindqvist")
    assert "Job Title (empty) Buyer" in change


def test_the_oldest_changes_are_forgotten_over_the_limit(contoso: Organization) -> None:
    contoso.control("PUT", "settings" + HERE, {"history_entries": 3})
    row_id = contoso.create("leads", lastname="Ngata")
    for number in range(9):
        patched(contoso, f"leads({row_id})", jobtitle=f"job {number}")
    changes = history(contoso, "lead", row_id)[:-1]
    assert len(changes) == 3
    assert "Job Title job 7 job 8" in changes[0]


def test_without_history_nothing_is_kept(contoso: Organization) -> None:
    contoso.control("PUT", "settings" + HERE, {"history_entries": 0})
    row_id = contoso.create("leads", lastname="Ngata")
    patched(contoso, f"leads({row_id})", jobtitle="Buyer")
    assert len(history(contoso, "lead", row_id)) == 1


def test_a_reset_forgets_the_past(contoso: Organization) -> None:
    row_id = contoso.create("leads", lastname="Ngata")
    contoso.call("DELETE", f"leads({row_id})")
    contoso.control("POST", "reset" + HERE)
    assert "is not here" in visit(contoso, f"/view/lead/{row_id}").text
    assert "<b>0</b>" in page(contoso, "/")
