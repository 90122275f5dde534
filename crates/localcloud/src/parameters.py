"""Tags of parameters as Systems Manager has them: a name that no parameter has is no resource (SSM-08).

MiniStack answers with an empty list of tags, and keeps the tags that such a name is given.
"""
import ministack.services.ssm as systems_manager


def of_existing(by_ministack):
    """The operation, refused where there is no parameter."""

    def answer(data):
        is_parameter = data.get("ResourceType", "Parameter") == "Parameter"
        _, found = systems_manager._lookup_parameter(data.get("ResourceId", ""), flexible_name=True)
        if is_parameter and not found:
            return systems_manager.error_response_json("InvalidResourceId", "The resource ID isn't valid.", 400)
        return by_ministack(data)

    return answer


for operation in ("_add_tags_to_resource", "_list_tags_for_resource", "_remove_tags_from_resource"):
    setattr(systems_manager, operation, of_existing(getattr(systems_manager, operation)))


