#!/bin/sh
# The review of a change, in continuous integration: specs are right (check), generated
# files are those of the specs (build), and what the change breaks (diff). Run it in the
# folder of the project. Every step runs, so that one run tells everything; the exit code
# is the largest of theirs. Variables, all optional:
#
#   LAYERGEN_STEPS    of `check build diff`, those to run
#   LAYERGEN_BASE     what to compare with: a branch or a commit; on GitHub and GitLab
#                     that of the pull request. Without one, diff is left out
#   LAYERGEN_COMMENT  `true`: post the review as a comment (layergen comment)
#   LAYERGEN_KEY      tells the comments of several projects apart; without it, the
#                     folder of the project in the repository
#   LAYERGEN_SARIF    a file to write the review to as SARIF
set -u

steps=${LAYERGEN_STEPS:-check build diff}
format=text
[ "${GITHUB_ACTIONS:-}" != true ] || format=github
prefix=$(git rev-parse --show-prefix 2>/dev/null)
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
: >"$work/told"
worst=0

say() { printf '%s\n' "$*" >&2; }

keep() { [ "$1" -le "$worst" ] || worst=$1; }

complain() {
    keep 2
    if [ "$format" = github ]; then
        printf '::error title=layergen::%s\n' "$*"
    else
        say "layergen-review: $*"
    fi
}

# Print what a step found. An annotation is printed once, though check, build and diff may
# all find it, and with the path that the file has in the repository.
show() {
    prefix="$prefix" told="$work/told" awk '
        BEGIN {
            while ((getline line < ENVIRON["told"]) > 0) seen[line]
            folder = ENVIRON["prefix"]
            gsub(/%/, "%25", folder)
            gsub(/:/, "%3A", folder)
            gsub(/,/, "%2C", folder)
        }
        !($0 in seen) {
            if (match($0, /^::[a-z]+ file=/))
                print substr($0, 1, RLENGTH) folder substr($0, RLENGTH + 1)
            else
                print
        }' "$1"
    cat "$1" >>"$work/told"
}

run() {
    if [ "$format" = text ]; then
        layergen "$@"
        code=$?
    else
        layergen "$@" --output-format "$format" >"$work/found"
        code=$?
        show "$work/found"
    fi
    keep "$code"
}

commit() { git rev-parse --verify --quiet "$1^{commit}"; }

is_shallow() { [ "$(git rev-parse --is-shallow-repository)" = true ]; }

fetch() { GIT_TERMINAL_PROMPT=0 git fetch --quiet --no-tags "$@"; }

# The commit that a name stands for, in $tip; it is fetched if it is not here.
find_tip() {
    tip=$(commit "$1") && return
    tip=$(commit "refs/remotes/origin/$1") && return
    depth=
    ! is_shallow || depth=--depth=1 # without a depth, to keep a whole clone whole
    fetch $depth origin "${1#origin/}" && tip=$(commit FETCH_HEAD)
}

# The commit that $tip and HEAD both come from, in $base. A shallow clone is deepened as
# far as it takes.
find_fork_point() {
    head=$(commit HEAD)
    for more in --deepen=30 --deepen=300 --unshallow; do
        base=$(git merge-base "$tip" HEAD) && return
        is_shallow || break
        fetch "$more" origin "$tip" "$head" 2>/dev/null ||
            fetch "$more" origin "$tip" || break # HEAD is known here only
    done
    base=$(git merge-base "$tip" HEAD)
}

# What to compare with, in $base; empty if there is nothing.
find_base() {
    base=
    wanted=${LAYERGEN_BASE:-}
    if [ -z "$wanted" ]; then
        case ${GITHUB_REF:-} in
        refs/pull/*/merge)
            # What `actions/checkout` checks out: the base and the change, merged. The
            # base is the first parent, which a shallow clone names and does not have.
            if [ "$(commit HEAD)" = "${GITHUB_SHA:-}" ]; then
                wanted=$(git cat-file commit HEAD | sed -n '/^$/q; s/^parent //p')
                wanted=${wanted%%[!0-9a-f]*}
                find_tip "$wanted" && base=$tip
                return
            fi
            ;;
        esac
        # Of GitLab: the target that was merged, or where the branch left it.
        wanted=${CI_MERGE_REQUEST_TARGET_BRANCH_SHA:-${CI_MERGE_REQUEST_DIFF_BASE_SHA:-}}
        if [ -n "$wanted" ]; then
            find_tip "$wanted" && base=$tip
            return
        fi
        wanted=${GITHUB_BASE_REF:+refs/heads/$GITHUB_BASE_REF}
        [ -n "$wanted" ] || return 0
    fi
    case $wanted in -*) return 1 ;; esac
    find_tip "$wanted" && find_fork_point
}

# The review in a format, into a file. What it says on standard error was said before.
write_review() { layergen diff "$base" --output-format "$1" >"$2" 2>/dev/null; }

review() {
    if ! find_base; then
        complain "cannot find \`$wanted\`, or what it has in common with HEAD;" \
            "fetch it before, or give \`fetch-depth: 0\` to actions/checkout"
        return
    fi
    if [ -z "$base" ]; then
        say "--- layergen diff: left out, there is nothing to compare with"
        return
    fi
    say "--- layergen diff: changes since $wanted"
    run diff "$base"
    [ "$code" -le 1 ] || return # there is no review then
    [ -z "${LAYERGEN_SARIF:-}" ] || write_review sarif "$LAYERGEN_SARIF"
    [ -z "${GITHUB_STEP_SUMMARY:-}" ] || write_review markdown "$work/review.md"
    [ -z "${GITHUB_STEP_SUMMARY:-}" ] || cat "$work/review.md" >>"$GITHUB_STEP_SUMMARY"
    if [ "${LAYERGEN_COMMENT:-}" = true ]; then
        [ -e "$work/review.md" ] || write_review markdown "$work/review.md"
        say "--- layergen comment"
        run comment "$work/review.md" --key "${LAYERGEN_KEY:-${prefix%/}}"
    fi
}

for step in $steps; do
    case $step in
    check)
        say "--- layergen check"
        run check
        ;;
    build)
        say "--- layergen build --check"
        run build --check
        ;;
    diff) review ;;
    *) complain "there is no step \`$step\`: the steps are check, build and diff" ;;
    esac
done
exit "$worst"
