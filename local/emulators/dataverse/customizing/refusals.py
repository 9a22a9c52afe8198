"""Dataverse's refusals of customizers, worded as in Microsoft's list of error codes."""

from local.emulators.dataverse.errors import DataverseError


def name_taken(name: str, kind: str) -> DataverseError:
    """A table or a global choice with this name is there already."""
    return DataverseError(
        400,
        "0x80044363",
        f"The schema name {name} for type {kind} is not unique. An {kind} with same name already exists.",
    )


def column_taken(name: str, table: str) -> DataverseError:
    """The table has a column with this name already."""
    return DataverseError(
        400, "0x80047013", f"An attribute with the specified name {name} already exists for entity {table}."
    )


def relationship_taken(name: str) -> DataverseError:
    """A relationship with this name is there already."""
    return DataverseError(
        400,
        "0x8004432B",
        f"A relationship with the specified name {name} already exists. Please specify a unique name.",
    )


def navigation_taken(name: str, table: str) -> DataverseError:
    """The table has a navigation property with this name already."""
    return DataverseError(
        400, "0x80072551", f"The navigation property name {name} is not unique within an entity {table}."
    )


def prefix_missing(name: str, kind: str) -> DataverseError:
    """A name without a publisher's prefix, or no name at all."""
    return DataverseError(
        400,
        "0x80044366",
        f"The schema name {name} for type {kind} is invalid or missing.Custom attribute, entity, entitykey, "
        "option set and relationship names must start with a valid customization prefix.The prefix for a "
        "solution component should match the prefix that is specified for the publisher of the solution.",
    )


def not_alphanumeric(name: str, kind: str) -> DataverseError:
    """A name with other signs than letters, digits and underscores."""
    return DataverseError(
        400,
        "0x80044364",
        f"Identifier {name} for type {kind} can only consist of alpha-numeric and underscore characters.",
    )


def no_letter_first(name: str, kind: str) -> DataverseError:
    """A name that begins with a digit or an underscore."""
    return DataverseError(
        400,
        "0x80044365",
        f"Identifiers should start with a letter. The schema name {name} for type {kind} doesn't start with "
        "letter.",
    )


def name_too_long(name: str, kind: str, limit: int) -> DataverseError:
    """A name over the longest."""
    return DataverseError(
        400,
        "0x80044367",
        f"Identifiers cannot be more than {limit} characters long. The provided schema name {name} length "
        f"for type {kind} is greater than maxlength {limit} characters.",
    )


def label_missing(what: str) -> DataverseError:
    """A display name without a text in the organization's language, English."""
    return DataverseError(
        400,
        "0x8004700C",
        f"The specified display name is not valid: {what} needs a LocalizedLabels entry with LanguageCode "
        "1033.",
    )


def invalid(message: str) -> DataverseError:
    """A definition that cannot be; the message says why."""
    return DataverseError(400, "0x80040203", message)


def unknown_type(kind: str) -> DataverseError:
    """An @odata.type that is no column's."""
    return DataverseError(
        400,
        "0x80048d19",
        "Error identified in Payload provided by the user for Entity :'EntityDefinitions', InnerException : "
        f"Microsoft.OData.ODataException: A type named '{kind}' could not be resolved by the model.",
    )


def table_missing(name: str) -> DataverseError:
    """A definition that names a table which is not there."""
    return DataverseError(
        404,
        "0x80040217",
        f"Could not find an entity with name {name} and id 00000000-0000-0000-0000-000000000000.",
    )


def column_missing(table: str, name: str) -> DataverseError:
    """A definition that names a column which is not there."""
    return DataverseError(
        404, "0x80041103", f"'{table}' entity doesn't contain attribute with Name = '{name}'."
    )


def definition_missing(kind: str, key: str) -> DataverseError:
    """Nothing of the kind has this key, which is written as in the address."""
    return DataverseError(404, "0x80060888", f"{kind} With Id = {key} does not exist.")


def not_deletable() -> DataverseError:
    """Something of the system's own."""
    return DataverseError(
        400, "0x80044250", "The metadata record being deleted cannot be deleted by the end user"
    )


def primary_name_not_deletable() -> DataverseError:
    """The primary name column of a table."""
    return DataverseError(400, "0x80047002", "The Primary UI Attribute is not valid for deletion")


def in_use(kind: str, its_id: str, users: int) -> DataverseError:
    """Something that others need."""
    return DataverseError(
        400,
        "0x8004F01F",
        f"The {kind}({its_id}) component cannot be deleted because it is referenced by {users} other "
        "components. For a list of referenced components, use the RetrieveDependenciesForDeleteRequest.",
    )


def choice_in_use(tables: str) -> DataverseError:
    """A global choice that columns are made with."""
    return DataverseError(
        400,
        "0x80048417",
        "This option set cannot be deleted. The current set of entities that reference this option set are: "
        f"{tables}. These references must be removed before this option set can be deleted",
    )


def option_taken() -> DataverseError:
    """A value that the choice has already."""
    return DataverseError(
        400, "0x80044310", "The picklist value already exists.  Picklist values must be unique."
    )


def option_missing(value: object) -> DataverseError:
    """A value that the choice does not have."""
    return DataverseError(400, "0x80048403", f"Invalid OptionSet: it has no option with the value {value}.")


def no_choice_column() -> DataverseError:
    """Options for a column that has none to add to."""
    return DataverseError(
        400, "0x80044320", "You can add option values only to picklist and status attributes."
    )


def key_taken(name: str, table: str) -> DataverseError:
    """An alternate key with this name is there already."""
    return DataverseError(
        400, "0x80060893", f"An entity key with the name {name} already exists on entity {table}."
    )


def key_columns_taken() -> DataverseError:
    """An alternate key over the same columns is there already."""
    return DataverseError(
        400, "0x80060894", "An entity key with the selected attributes already exists on entity."
    )


def key_impossible(why: str) -> DataverseError:
    """A key that cannot be: too many, too wide, over unfit columns."""
    return DataverseError(400, "0x8006088F", f"Invalid EntityKey Operation performed : {why}")


def calculated_unsupported(name: str) -> DataverseError:
    """A calculated or rollup column, which this emulator does not compute."""
    return DataverseError(
        400,
        "0x80060422",
        f"Calculated Field feature is not available: {name} asks for SourceType 1 or 2, or a formula.",
    )


def method_not_supported(method: str) -> DataverseError:
    """PATCH of a definition, and the like: definitions are replaced as a whole with PUT."""
    return DataverseError(405, "", f"The requested resource does not support http method '{method}'.")
