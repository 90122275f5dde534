"""action.yml: its steps are run as a runner of GitHub runs them, against the local cloud and a GitHub of the tests' own."""

import json
import re
import unittest
from pathlib import Path

import yaml

from github import REPOSITORY, GitHub
from place import BUILT, ROOT, STACK, Cloud, Place
from site_of_releases import VERSION, Site

ACTION = yaml.safe_load((ROOT / "action.yml").read_text())


class Job:
    """A job's files, and the steps of the action in it."""

    def __init__(self, test, stack, **github):
        self.github = GitHub(**github)
        test.addCleanup(self.github.close)
        self.place = Place()
        self.work = self.place.folder / "work"
        self.work.mkdir()
        (self.work / "stack.yaml").write_text(stack)
        self.temporary = self.place.folder / "runner"
        self.temporary.mkdir()
        self.site = Site(self.place.folder / "site")
        test.addCleanup(self.site.close)
        self.installed = BUILT.parent

    def run(self, event, name="pull_request", ref="refs/pull/7/merge", code=0, variables=None, install=False, **inputs):
        """Runs the steps, the first of them on request; returns the outputs, the summary and what was printed."""
        files = {it: self.temporary / it for it in ("path", "output", "summary", "event")}
        for path in files.values():
            path.write_text("")
        files["event"].write_text(json.dumps(event))
        known = {**{key: it.get("default", "") for key, it in ACTION["inputs"].items()}, "token": "ghs_token"}
        known.update({key.replace("_", "-"): value for key, value in inputs.items()})
        variables = {
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_API_URL": self.github.url,
            "GITHUB_EVENT_NAME": name,
            "GITHUB_EVENT_PATH": str(files["event"]),
            "GITHUB_OUTPUT": str(files["output"]),
            "GITHUB_PATH": str(files["path"]),
            "GITHUB_REF": ref,
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_RUN_ID": "42",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_SHA": "f" * 40,
            "GITHUB_STEP_SUMMARY": str(files["summary"]),
            "RUNNER_TEMP": str(self.temporary),
            "STACKCTL_BASE_URL": self.site.url,
            **(variables or {}),
        }
        if known["local"] == "true":
            # No test starts a local cloud that nothing stops.
            variables["STACKCTL_LOCAL_STATE"] = Cloud.state(self.place, [BUILT])
        said = ""
        for step in ACTION["runs"]["steps"][0 if install else 1 :]:
            if "uses" in step:
                self.keep(step, files["output"])
                continue
            assert step["shell"] == "bash", step
            own = {key: self.evaluate(value, known) for key, value in step["env"].items()}
            self.place.bins = [*files["path"].read_text().splitlines(), self.installed]
            command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]]
            done = self.place.try_run(*command, cwd=self.work, **variables, **own)
            said += done.stdout + done.stderr
            if done.returncode != 0:
                break
        assert code in (done.returncode, None), f"{done.returncode}, not {code}:\n{said}"
        outputs = dict(line.split("=", 1) for line in files["output"].read_text().splitlines())
        return outputs, files["summary"].read_text(), said

    def keep(self, step, output):
        """Does what actions/upload-artifact does."""
        assert step["uses"].startswith("actions/upload-artifact@"), step
        outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
        assert step["if"] == "steps.run.outputs.plan != ''"
        if outputs.get("plan"):
            named = {key: re.sub(r"\$\{\{ steps\.run\.outputs\.([a-z-]+) \}\}", lambda it: outputs[it[1]], str(value))
                     for key, value in step["with"].items()}
            self.github.keep(named["name"], Path(named["path"]))

    @staticmethod
    def evaluate(text, inputs):
        return re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda it: inputs[it[1]], text)


def pull_request(head=REPOSITORY):
    return {
        "pull_request": {
            "number": 7,
            "head": {"sha": "c" * 40, "repo": {"full_name": head}},
            "base": {"repo": {"full_name": REPOSITORY}},
        },
        "repository": {"default_branch": "main"},
    }


PUSH = {"repository": {"default_branch": "main"}}


class Action(unittest.TestCase):
    def job(self, name, **github):
        return Job(self, STACK.replace("NAME", name), **github)

    def local(self, job):
        """The variables for the local cloud that all tests share."""
        return {"STACKCTL_LOCAL_STATE": Cloud.state(job.place, [BUILT])}

    def test_one_comment_from_the_first_plan_to_no_differences(self):
        job = self.job("action-life")
        variables = self.local(job)
        for number in range(150):
            job.github.add(f"comment {number}", "octocat")

        outputs, summary, said = job.run(pull_request(), local="true", variables=variables, install=True)
        self.assertIn(f"Installed stackctl {VERSION}", said)
        self.assertEqual(outputs["result"], "differences")
        self.assertIn("to create.**", summary)
        [comment] = job.github.comments[150:]
        first = comment["body"]
        self.assertTrue(first.startswith("<!-- stackctl action . stack.yaml   -->\n<!-- stackctl plan stack=\"action-life\""), first)
        self.assertIn("to create.**", first)
        self.assertIn("bucket.uploads", first)
        self.assertIn(f"<sub>Commit {'c' * 40}, [run](https://github.com/{REPOSITORY}/actions/runs/42)</sub>", first)

        # A push to another branch plans, and one to the default branch applies.
        outputs, _, _ = job.run(PUSH, "push", "refs/heads/other", local="true", variables=variables)
        self.assertEqual(outputs["result"], "differences")
        outputs, summary, said = job.run(PUSH, "push", "refs/heads/main", local="true", variables=variables)
        self.assertEqual(outputs["result"], "applied")
        self.assertIn("http://", json.loads(outputs["outputs"])["endpoint"])
        self.assertIn("### Applied", summary)
        self.assertIn("created", summary)
        self.assertEqual(job.github.comments[150:], [comment])

        # The same comment says that nothing differs, and then what does.
        outputs, _, _ = job.run(pull_request(), local="true", variables=variables)
        self.assertEqual(outputs["result"], "no-differences")
        self.assertEqual(job.github.comments[150:], [comment])
        self.assertIn("**No differences.**", comment["body"])
        text = (job.work / "stack.yaml").read_text()
        (job.work / "stack.yaml").write_text(text.replace("localhost:5173", "localhost:3000"))
        job.run(pull_request(), local="true", variables=variables)
        self.assertEqual(job.github.comments[150:], [comment])
        self.assertIn("localhost:3000", comment["body"])
        # Another stack of the repository has another comment.
        (job.work / "other.yaml").write_text(text)
        job.run(pull_request(), local="true", variables=variables, file="other.yaml", comment="true")
        self.assertEqual(len(job.github.comments), 151, "nothing differs, and no comment is there")
        job.run(pull_request(), local="true", variables=variables, file="other.yaml", region="eu-central-1")
        self.assertEqual(len(job.github.comments), 152)
        job.place.run(BUILT, "destroy", "--yes", "--local", cwd=job.work, **variables)
        self.assertEqual(job.place.called(), "")

    def test_the_reviewed_plan_and_no_other(self):
        job = self.job("action-reviewed")
        variables = {"local": "true", "variables": self.local(job), "reviewed": "true"}
        merge = ("push", "refs/heads/main")

        outputs, _, said = job.run(PUSH, *merge, code=1, **variables)
        self.assertEqual(outputs["result"], "failed")
        self.assertIn("is not the merge of a pull request", said)
        job.github.merge("c" * 40, "f" * 40)
        _, _, said = job.run(PUSH, *merge, code=1, **variables)
        self.assertIn("has no plan", said)

        outputs, _, _ = job.run(pull_request(), **variables)
        self.assertEqual(outputs["result"], "differences")
        [artifact] = job.github.artifacts
        self.assertRegex(artifact["name"], r"^stackctl-plan-[0-9a-f]{16}-c{40}$")
        # The file that a fork keeps under this name is another one.
        job.github.keep(artifact["name"], job.work / "stack.yaml", repository=2)

        # What was merged is not what was reviewed.
        text = (job.work / "stack.yaml").read_text()
        (job.work / "stack.yaml").write_text(text.replace("localhost:5173", "localhost:3000"))
        outputs, summary, said = job.run(PUSH, *merge, code=64, **variables)
        self.assertEqual(outputs["result"], "failed")
        self.assertIn("has changed since the plan was made", summary)

        (job.work / "stack.yaml").write_text(text)
        outputs, _, _ = job.run(PUSH, *merge, **variables)
        self.assertEqual(outputs["result"], "applied")
        # The run is started again.
        outputs, _, _ = job.run(PUSH, *merge, **variables)
        self.assertEqual(outputs["result"], "applied")
        job.place.run(BUILT, "destroy", "--yes", "--local", cwd=job.work, **variables["variables"])

    def test_a_file_with_problems(self):
        job = self.job("action-problems")
        (job.work / "stack.yaml").write_text("stack: demo\nregion: eu-west-1\nbukets: '</pre>@octocat'\n")
        outputs, summary, _ = job.run(pull_request(), code=64, local="true")
        self.assertEqual(outputs["result"], "failed")
        [comment] = job.github.comments
        self.assertIn("**The plan failed, with exit code 64.**", comment["body"])
        self.assertIn("&lt;/pre&gt;@octocat", comment["body"])
        self.assertEqual(comment["body"].count("</pre>"), 1)
        self.assertIn("bukets", summary)

    def test_a_fork_without_credentials(self):
        job = self.job("action-fork", writes=False)
        outputs, summary, _ = job.run(pull_request("stranger/page"))
        self.assertEqual(outputs["result"], "not-planned")
        self.assertIn("There is no plan", summary)
        self.assertEqual(job.github.requests, [])

    def test_a_token_that_can_not_write(self):
        job = self.job("action-read-only", writes=False)
        variables = self.local(job)
        outputs, summary, said = job.run(pull_request("stranger/page"), local="true", variables=variables)
        self.assertEqual(outputs["result"], "differences")
        self.assertIn("to create.**", summary)
        self.assertIn("::warning::The plan is in the job's summary", said)
        self.assertEqual(job.github.comments, [])

    def test_comments_of_others_are_left_alone(self):
        marker = "<!-- stackctl action . stack.yaml   -->"
        for user in (None, "ada"):
            job = self.job("action-others", user=user)
            variables = self.local(job)
            theirs = job.github.add(marker, "stranger")
            job.run(pull_request(), local="true", variables=variables)
            job.run(pull_request(), local="true", variables=variables)
            self.assertEqual(theirs["body"], marker)
            self.assertEqual(len(job.github.comments), 2)

    def test_no_input_is_a_part_of_a_script(self):
        job = self.job("action-hostile")
        hostile = "$(touch {0}/owned) `touch {0}/owned`; touch {0}/owned \" ' -- -->".format(job.place.folder)
        (job.work / "a b").mkdir()
        for inputs in ({"file": hostile}, {"env": hostile}, {"region": hostile}, {"working_directory": hostile},
                       {"apply": hostile}, {"comment": hostile}, {"token": hostile}, {"version": hostile}):
            event = pull_request(f"stranger/{hostile}")
            event["pull_request"]["head"]["sha"] = hostile
            job.run(event, local="true", code=None, install="version" in inputs, **inputs)
            self.assertFalse((job.place.folder / "owned").exists(), inputs)
        for step in ACTION["runs"]["steps"]:
            self.assertNotIn("${{", step.get("run", ""))

    def test_it_never_applies_where_it_must_not(self):
        job = self.job("action-never")
        variables = self.local(job)
        for name, ref, event, inputs in (
            ("pull_request", "refs/heads/main", pull_request(), {}),
            ("push", "refs/heads/main", PUSH, {"apply": "never"}),
            ("push", "refs/heads/main-2", PUSH, {}),
            ("push", "refs/tags/main", PUSH, {}),
            ("schedule", "refs/heads/main", PUSH, {}),
        ):
            outputs, _, _ = job.run(event, name, ref, local="true", variables=variables, **inputs)
            self.assertEqual(outputs["result"], "differences", (name, ref))

    def test_the_version_is_the_actions_own(self):
        job = self.job("action-version")
        _, _, said = job.run(pull_request("stranger/page"), install=True)
        self.assertIn(f"Installed stackctl {VERSION}", said)
        _, _, said = job.run(pull_request("stranger/page"), version="99.0.0", code=1, install=True)
        self.assertIn("download/v99.0.0/SHA256SUMS", said)
