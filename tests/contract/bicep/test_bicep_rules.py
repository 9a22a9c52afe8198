"""Each rule on a file as small as can be."""

import pytest

from tests.bicep_programs import said

HEAD = "@description('d')\nparam name string\n@description('d')\nparam location string\n"
TAGS = "@description('d')\nparam tags object\n"
IDENTITY = "resource id 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {\n  name: name\n"
RIGHT = f"{HEAD}{TAGS}{IDENTITY}  location: location\n  tags: tags\n}}\n"
MODULE = (
    "@description('d')\nparam a string\n@description('d')\nparam b int = 1\n"
    "@description('d')\noutput o string = '${a}${b}'\n"
)
USE = "module m 'm.bicep' = {\n  params: { a: 'x' }\n}\n"


def test_a_right_file_has_no_findings() -> None:
    assert said(RIGHT) == []


def test_a_misspelt_property_is_found_with_the_right_one() -> None:
    finding = said(RIGHT.replace("location: location", "locaton: location"))[-1]
    assert finding.startswith("9:3 ")
    assert "has no property 'locaton'. Did you mean 'location'?" in finding


def test_a_property_that_only_azure_sets_is_not_written() -> None:
    wrong = RIGHT.replace("tags: tags", "tags: tags\n  properties: { clientId: 'x' }")
    assert any("'clientId'" in each and "can only be read" in each for each in said(wrong))


def test_a_required_property_is_missed() -> None:
    (finding,) = said(RIGHT.replace("  name: name\n", "").replace("= {", "= {\n  dependsOn: [name]", 1))
    assert "needs 'name', which is missing" in finding


def test_a_property_that_stands_twice_is_found() -> None:
    (finding,) = said(RIGHT.replace("  tags: tags\n", "  tags: tags\n  tags: tags\n"))
    assert "stands here twice" in finding


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("var a = b\n", "Nothing is called 'b' here"),
        ("var a = resourceGroup().nme\n", "has no property 'nme'. Did you mean 'name'?"),
        ("var a = toLowr('A')\n", "There is no function 'toLowr'. Did you mean 'toLower'?"),
        ("var a = replace('a', 'b')\n", "replace takes 3 to 3 arguments"),
        ("var a = { b: 1 }.c\n", "has no property 'c'"),
        ("var a = [{ b: 1 }, { c: 1 }]\nvar d = [for e in a: e.b]\n", "Not every value that this may be"),
        ("var a = [for b in 'text': b]\n", "A loop goes over an array"),
        ("var a = 'x'.b\n", "has no properties"),
        ("var a = 1 + 'b'\n", "Here int is wanted"),
        ("var a = 'x' == 'y'\n", "never equals"),
        ("var a = 'b' ? 1 : 2\n", "Here bool is wanted"),
        ("var a = [1]['b']\n", "An array is read by a number"),
        ("extension microsoftGraph\n", "There is no extension 'microsoftGraph'"),
        ("@descripton('d')\nparam a string\n", "There is no decorator 'descripton'"),
        ("@minValue()\nvar a = 1\n", "takes 1 values, not 0"),
        ("param a string\n", "has no description"),
        ("var a = 1\n", "The var 'a' is not used"),
        ("@description('d')\nparam a string\n", "The param 'a' is not used"),
        ("type t = string\n", "The type 't' is not used"),
        ("var a = 1\nvar a = 2\n", "is declared twice"),
        ("@description('d')\nparam a strng\n", "There is no type 'strng'. Did you mean 'string'?"),
        ("@description('d')\nparam a int = 'x'\n", "Here int is wanted"),
        ("@description('d')\n@allowed(['x', 'y'])\nparam a string = 'z'\n", "'z' is not allowed here"),
        ("type t = 'x' | 'y'\nvar a t = 'z'\n", "'z' is not allowed here"),
        ("type t = { b: int }\nvar a t = { c: 1 }\n", "has no property 'c'"),
        ("type t = { b: int }\nvar a t = {}\n", "needs 'b', which is missing"),
        ("@description('d')\noutput o int = 'x'\n", "Here int is wanted"),
        ("import { x } from 'none.bicep'\n", "is not there"),
    ],
)
def test_what_is_wrong_in_one_file_is_found(text: str, what: str) -> None:
    assert any(what in each for each in said(text)), said(text)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("a: 'x'", "", "needs 'a', which is missing"),
        ("a: 'x'", "a: 1", "Here string is wanted"),
        ("a: 'x'", "a: 'x', c: 1", "has no property 'c'"),
        ("'m.bicep'", "'n.bicep'", "The file 'n.bicep' of this module is not there. Did you mean 'm.bicep'?"),
        ("params: { a: 'x' }", "", "is given no parameters"),
        ("params", "parms", "has no property 'parms'"),
    ],
)
def test_a_module_is_given_what_it_takes_and_no_more(old: str, new: str, what: str) -> None:
    wrong = USE.replace(old, new)
    assert any(what in each for each in said(wrong, {"m.bicep": MODULE}))


def test_an_output_that_a_module_has_not_is_found() -> None:
    wrong = f"{USE}@description('d')\noutput x string = m.outputs.q\n"
    assert any("has no property 'q'" in each for each in said(wrong, {"m.bicep": MODULE}))


def test_an_output_of_a_module_that_may_be_missing_is_read_with_care() -> None:
    use = USE.replace("= {", "= if (c) {", 1)
    start = f"@description('d')\nparam c bool\n{use}@description('d')\noutput x string = "
    assert any("may be null" in each for each in said(f"{start}m.outputs.o\n", {"m.bicep": MODULE}))
    assert said(f"{start}c ? m!.outputs.o : ''\n", {"m.bicep": MODULE}) == []


def test_a_module_of_another_level_needs_a_scope() -> None:
    wrong = f"targetScope = 'subscription'\n{USE}"
    assert any("Add scope" in each for each in said(wrong, {"m.bicep": MODULE}))


def test_an_import_has_to_be_exported_and_used() -> None:
    types = {"types.bicep": "@export()\ntype t = string\ntype u = string\n"}
    assert any(
        "Nothing called 'u' is exported" in each for each in said("import { u } from 'types.bicep'\n", types)
    )
    assert any(
        "The import 't' is not used" in each for each in said("import { t } from 'types.bicep'\n", types)
    )


@pytest.mark.parametrize(
    ("label", "what"),
    [
        ("Microsoft.ManagedIdentity/userAssignedIdentitys@2024-11-30", "is not among the facts"),
        ("Microsoft.managedIdentity/userAssignedIdentities@2024-11-30", "is written"),
        ("Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-31", "are those of version 2024-11-30"),
    ],
)
def test_types_of_resources_are_known_in_their_version(label: str, what: str) -> None:
    wrong = RIGHT.replace("Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30", label)
    assert any(what in each for each in said(wrong))


def test_a_child_names_its_parent_and_no_other() -> None:
    child = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2024-11-30"
    body = "  name: 'c'\n  properties: { issuer: 'i', subject: 's', audiences: ['a'] }\n"
    assert said(f"{RIGHT}resource c '{child}' = {{\n  parent: id\n{body}}}\n") == []
    assert any("needs its parent" in each for each in said(f"{RIGHT}resource c '{child}' = {{\n{body}}}\n"))
    other = f"{RIGHT}resource c '{child}' = {{\n  parent: c\n{body}}}\n"
    assert any("The parent has to be" in each for each in said(other))
    assert any(
        "has no parent" in each for each in said(RIGHT.replace("name: name", "name: name\n  parent: id"))
    )


def test_values_of_azures_lists_are_known() -> None:
    body = "{\n  name: 'k'\n  properties: { level: 'CanNotDelte' }\n}\n"
    lock = f"resource k 'Microsoft.Authorization/locks@2020-05-01' = {body}"
    (finding,) = said(lock)
    assert "'CanNotDelte' is not allowed here. Did you mean 'CanNotDelete'?" in finding


PARAMETERS = "using 'main.bicep'\n\nparam name = 'n'\nparam location = 'l'\nparam tags = {}\n"


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("param tags = {}\n", "", "The parameter 'tags' has no default and is not given"),
        ("param tags", "param tag", "has no parameter 'tag'. Did you mean 'tags'?"),
        ("'n'", "1", "Here string is wanted"),
        ("'main.bicep'", "'man.bicep'", "is not there"),
    ],
)
def test_a_file_of_parameters_gives_what_has_no_default(old: str, new: str, what: str) -> None:
    others = {"main.bicep": RIGHT}
    assert said(PARAMETERS, others, name="r.bicepparam") == []
    wrong = PARAMETERS.replace(old, new)
    assert any(what in each for each in said(wrong, others, name="r.bicepparam"))


def test_where_syntax_fails_the_rest_of_the_file_is_not_judged() -> None:
    (finding,) = said("var a = \nvar b = c\n")
    assert finding.startswith("1:9 ")
