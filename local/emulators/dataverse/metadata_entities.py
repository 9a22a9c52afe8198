"""One table as EntityMetadata, with its keys."""

from local.emulators.dataverse.metadata_parts import NEVER, Json, label, managed_property, metadata_id
from local.emulators.dataverse.schema import ColumnType, Table

# What the emulator has no opinion about: the values of an ordinary standard table.
CONSTANTS: Json = {
    "ActivityTypeMask": 0,
    "AutoCreateAccessTeams": False,
    "AutoRouteToOwnerQueue": False,
    "CanTriggerWorkflow": True,
    "ChangeTrackingEnabled": True,
    "ClusterMode": "Local",
    "CreatedOn": NEVER,
    "DataProviderId": None,
    "DataSourceId": None,
    "DaysSinceRecordLastModified": 0,
    "EnforceStateTransitions": False,
    "EntityColor": None,
    "EntityHelpUrl": None,
    "EntityHelpUrlEnabled": False,
    "ExternalCollectionName": None,
    "ExternalName": None,
    "HasActivities": True,
    "HasChanged": None,
    "HasEmailAddresses": True,
    "HasFeedback": False,
    "HasNotes": True,
    "IconLargeName": None,
    "IconMediumName": None,
    "IconSmallName": None,
    "IconVectorName": None,
    "IntroducedVersion": "5.0.0.0",
    "IsAIRUpdated": True,
    "IsActivity": False,
    "IsActivityParty": False,
    "IsArchivalEnabled": False,
    "IsAvailableOffline": True,
    "IsBPFEntity": False,
    "IsBusinessProcessEnabled": True,
    "IsChildEntity": False,
    "IsDocumentManagementEnabled": False,
    "IsDocumentRecommendationsEnabled": False,
    "IsEnabledForCharts": True,
    "IsEnabledForExternalChannels": False,
    "IsEnabledForTrace": False,
    "IsImportable": True,
    "IsInteractionCentricEnabled": False,
    "IsIntersect": False,
    "IsKnowledgeManagementEnabled": False,
    "IsLogicalEntity": False,
    "IsMSTeamsIntegrationEnabled": False,
    "IsOneNoteIntegrationEnabled": False,
    "IsOptimisticConcurrencyEnabled": True,
    "IsPrivate": False,
    "IsQuickCreateEnabled": True,
    "IsReadingPaneEnabled": True,
    "IsRetentionEnabled": False,
    "IsRetrieveAuditEnabled": False,
    "IsRetrieveMultipleAuditEnabled": False,
    "IsSLAEnabled": False,
    "IsSolutionAware": False,
    "IsStateModelAware": True,
    "IsValidForAdvancedFind": True,
    "MobileOfflineFilters": None,
    "ModifiedOn": NEVER,
    "OwnerId": None,
    "OwnerIdType": 8,
    "OwningBusinessUnit": None,
    "RecurrenceBaseEntityLogicalName": None,
    "SettingOf": None,
    "SyncToExternalSearchIndex": True,
    "TableType": "Standard",
    "UsesBusinessDataLabelTable": False,
}
# Managed properties of an ordinary table: name -> (its managed property, value, may be changed).
MANAGED = {
    "CanBeInCustomEntityAssociation": ("canbeincustomentityassociation", True, False),
    "CanBeInManyToMany": ("canbeinmanytomany", True, False),
    "CanBePrimaryEntityInRelationship": ("canbeprimaryentityinrelationship", True, False),
    "CanBeRelatedEntityInRelationship": ("canberelatedentityinrelationship", True, False),
    "CanChangeHierarchicalRelationship": ("canchangehierarchicalrelationship", False, False),
    "CanChangeTrackingBeEnabled": ("canchangetrackingbeenabled", True, True),
    "CanCreateAttributes": ("cancreateattributes", True, False),
    "CanCreateCharts": ("cancreatecharts", True, False),
    "CanCreateForms": ("cancreateforms", True, False),
    "CanCreateViews": ("cancreateviews", True, False),
    "CanEnableSyncToExternalSearchIndex": ("canenablesynctoexternalsearchindex", True, True),
    "CanModifyAdditionalSettings": ("canmodifyadditionalsettings", True, True),
    "IsAuditEnabled": ("canmodifyauditsettings", False, True),
    "IsConnectionsEnabled": ("canmodifyconnectionsettings", True, True),
    "IsCustomizable": ("iscustomizable", True, False),
    "IsDuplicateDetectionEnabled": ("canmodifyduplicatedetectionsettings", True, True),
    "IsMailMergeEnabled": ("canmodifymailmergesettings", True, True),
    "IsMappable": ("ismappable", True, False),
    "IsOfflineInMobileClient": ("canmodifymobileclientoffline", True, True),
    "IsReadOnlyInMobileClient": ("canmodifymobileclientreadonly", False, True),
    "IsRenameable": ("isrenameable", True, False),
    "IsValidForQueue": ("canmodifyqueuesettings", False, True),
    "IsVisibleInMobile": ("canmodifymobilevisibility", True, True),
    "IsVisibleInMobileClient": ("canmodifymobileclientvisibility", True, True),
}


def entity(table: Table) -> Json:
    """All properties of the table but its columns, keys and relationships."""
    managed = {
        name: managed_property(own, value, changeable=may) for name, (own, value, may) in MANAGED.items()
    }
    return CONSTANTS | managed | _names(table) | dict(table.settings)


def _names(table: Table) -> Json:
    name, custom = table.logical_name, "_" in table.logical_name
    collection = table.collection_label or table.label
    return {
        "MetadataId": metadata_id(name),
        "LogicalName": name,
        "SchemaName": table.schema_name,
        "EntitySetName": table.entity_set,
        "LogicalCollectionName": table.entity_set,
        "CollectionSchemaName": _collection_schema_name(table),
        "ObjectTypeCode": table.object_type_code,
        "OwnershipType": table.ownership,
        "PrimaryIdAttribute": table.primary_id,
        "PrimaryNameAttribute": table.primary_name,
        "PrimaryImageAttribute": primary_image(table),
        "ReportViewName": f"Filtered{table.schema_name}",
        "DisplayName": label(table.label, name, managed=not custom, translations=table.translations),
        "DisplayCollectionName": label(
            collection, name, "plural", managed=not custom, translations=table.collection_translations
        ),
        "Description": label(table.description, name, "description", managed=not custom),
        "IsCustomEntity": custom,
        "IsManaged": not custom,
    }


def primary_image(table: Table) -> str | None:
    """The image column that stands for a row; only this one can be set when the row is made."""
    images = [one for one in table.columns.values() if one.type is ColumnType.IMAGE and one.primary_image]
    return images[0].name if images else None


def _collection_schema_name(table: Table) -> str:
    stem = table.schema_name.removesuffix("y")
    return stem + table.entity_set[len(stem) :]


def keys(table: Table) -> list[Json]:
    """The alternate keys, all of them ready for use."""
    return [
        {
            "MetadataId": metadata_id(table.logical_name, "key", name),
            "HasChanged": None,
            "LogicalName": name.lower(),
            "SchemaName": name,
            "EntityLogicalName": table.logical_name,
            "EntityKeyIndexStatus": "Active",
            "KeyAttributes": list(columns),
            "DisplayName": label(table.key_labels.get(name, name), table.logical_name, "key", name),
            "IsManaged": False,
            "IsSynchronous": False,
            "IsSecondaryKey": False,
            "IsExportKey": False,
            "IntroducedVersion": "1.0.0.0",
        }
        for name, columns in table.keys
    ]
