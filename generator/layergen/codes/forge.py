"""LG58x: comments on GitHub and GitLab."""

from layergen.diagnostics import Code, Severity

_COMMENT = "layergen diff origin/main --output-format markdown | layergen comment"

NO_FORGE = Code(
    "LG580",
    "no forge",
    means="The environment is neither that of GitHub nor that of GitLab.",
    why="The address of the API and the number of the pull request come from it.",
    wrong="layergen comment review.md, at home",
    right="layergen comment review.md, in a job of GitHub Actions",
)
BAD_ENVIRONMENT = Code(
    "LG581",
    "environment cannot be used",
    means="A variable that the forge sets for its jobs is missing or makes no sense.",
    why="A comment would go to the wrong place, or nowhere.",
    wrong="GITHUB_REPOSITORY=layers layergen comment review.md",
    right="GITHUB_REPOSITORY=acme/layers layergen comment review.md",
)
NO_TOKEN = Code(
    "LG582",
    "no token",
    means="The variable of the token is not set, or holds what no token holds.",
    why="Nobody may comment without one. GitHub hands it out as `github.token`, GitLab"
    " as a project access token that you keep in a variable.",
    wrong="layergen comment review.md, in a step without `env`",
    right="env: {GITHUB_TOKEN: '${{ github.token }}'}",
)
NOTHING_TO_POST = Code(
    "LG583",
    "nothing to post",
    means="The review that should be posted is empty.",
    why="`layergen diff` prints at least a heading, so it failed; a comment that says"
    " nothing would hide that.",
    wrong="layergen diff nonsense --output-format markdown | layergen comment",
    right=_COMMENT,
)
MAY_NOT_COMMENT = Code(
    "LG584",
    "may not comment",
    means="The forge knows the token, if at all, as one that may not comment.",
    why="The permission must be given where the token comes from; see docs/ci.md.",
    wrong="permissions: {contents: read}",
    right="permissions: {contents: read, pull-requests: write}",
)
FORK_MAY_NOT = Code(
    "LG585",
    "a fork may not comment",
    severity=Severity.WARNING,
    means="The pull request comes from a fork, whose jobs get no token that may write.",
    why="That is as it should be: whoever opens a pull request decides what its jobs"
    " run. The review stands in the log and in the summary of the job.",
    wrong="on: pull_request, and a pull request from a fork",
    right="on: pull_request, and a pull request from a branch",
)
NOT_THERE = Code(
    "LG586",
    "no such pull request",
    means="The forge does not find the pull request.",
    why="Its number or the repository is another, or the token may not see it: private"
    " repositories are hidden from tokens without a right to read.",
    wrong="layergen comment --pull-request 70 review.md",
    right="layergen comment --pull-request 7 review.md",
)
UNREACHABLE = Code(
    "LG587",
    "forge out of reach",
    means="The API did not answer, or answered that it cannot at the moment, three"
    " times.",
    why="The network of the job, a proxy, or the forge itself is to blame.",
    wrong="GITHUB_API_URL=https://api.github.invalid layergen comment review.md",
    right="GITHUB_API_URL=https://api.github.com layergen comment review.md",
)
UNEXPECTED = Code(
    "LG588",
    "unexpected answer",
    means="The API answered what it should not: no JSON, another host to go to, or a"
    " refusal without a known cause.",
    why="What answers is perhaps no API but a page to log in. A token is never sent to"
    " another host.",
    wrong="GITHUB_API_URL=https://github.com layergen comment review.md",
    right="GITHUB_API_URL=https://api.github.com layergen comment review.md",
)
