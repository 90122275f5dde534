"""A whole life of a stack, by an installed stackctl."""

import json
import urllib.error
import urllib.request

from place import STACK, Cloud


def live(test, place, stackctl, name):
    """Applies a stack, adds a user, verifies, reads the outputs, and destroys the stack."""
    state = Cloud.state(place, stackctl)
    place.forget_calls()
    project = place.folder / name
    project.mkdir()
    (project / "stack.yaml").write_text(STACK.replace("NAME", name))

    def local(*arguments, **more):
        return place.run(*stackctl, *arguments, "--local", cwd=project, STACKCTL_LOCAL_STATE=state, **more)

    local("plan", "--check", code=2)
    local("apply", "--yes")
    local("plan", "--check")
    test.assertIn("ada", local("user", "add", "ada"))
    local("verify")
    outputs = json.loads(local("outputs", "--format", "json"))
    with test.assertRaises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(outputs["endpoint"], timeout=30)
    test.assertEqual(refused.exception.code, 401)
    refused.exception.close()
    local("destroy", "--yes")
    local("outputs", code=1)
    test.assertEqual(place.called(), "", "no compiler is needed")
