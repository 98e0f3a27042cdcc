"""LG09x: files that cannot be read. LG5xx: files, settings and drift."""

from layergen.diagnostics import Code

_SETTINGS = '[tool.layergen]\nspecs = ["specs"]\nout = "generated"\n'

UNREADABLE = Code(
    "LG090",
    "unreadable file",
    means="A file cannot be opened or read.",
    why="The operating system's own reason is in the message: often its permissions.",
    wrong="chmod 000 specs/a.yaml; layergen build",
    right="chmod 644 specs/a.yaml; layergen build",
)
NOT_UTF8 = Code(
    "LG091",
    "not UTF-8",
    means="A spec holds bytes that are not text in UTF-8.",
    why="Guessing another encoding would put wrong letters into generated docstrings.",
    wrong="iconv -t latin1 a.yaml > specs/a.yaml; layergen build",
    right="iconv -f latin1 -t utf8 a.yaml > specs/a.yaml; layergen build",
)
TOO_LARGE = Code(
    "LG092",
    "spec too large",
    means="A spec is larger than 1 MiB.",
    why="A description of one layer is never that long; large arrays belong in an"
    " `.npy` file beside the spec, which a constant names under `file`.",
    wrong="cat table.json >> specs/a.yaml; layergen build",
    right="parameters: {table: {role: constant, file: table.npy}}",
)

NOT_TOML = Code(
    "LG501",
    "settings are not TOML",
    means="The file `pyproject.toml` cannot be read as TOML.",
    why="The settings of the project stand in it.",
    wrong='[tool.layergen]\nout = "generated\n',
    right=_SETTINGS,
)
UNKNOWN_SETTING = Code(
    "LG502",
    "unknown setting",
    means="`[tool.layergen]` holds a key that layergen does not know.",
    why="A setting that is spelled wrongly would be ignored in silence.",
    wrong='[tool.layergen]\noutput = "generated"\n',
    right=_SETTINGS,
)
BAD_SETTING = Code(
    "LG503",
    "wrong setting",
    means="A setting has a value of the wrong type, or one that cannot work.",
    why="The build cannot tell where its files are or where they should go.",
    wrong='[tool.layergen]\nspecs = "specs"\n',
    right=_SETTINGS,
)
OUTSIDE = Code(
    "LG504",
    "outside the project",
    means="A place for files lies outside the project, or a symbolic link leads out.",
    why="layergen writes and deletes only inside the project that holds its settings.",
    wrong='[tool.layergen]\nout = "../generated"\n',
    right=_SETTINGS,
)
NOT_IMPORTABLE = Code(
    "LG505",
    "not an import path",
    means="The generated modules could not be imported under this name.",
    why="The generated tests import the generated layers, so every part of the path"
    " must be a Python name and no keyword.",
    wrong='[tool.layergen]\nout = "keras-layers"\n',
    right='[tool.layergen]\nout = "keras_layers"\n',
)
NO_SUCH_PATH = Code(
    "LG510",
    "no such file or folder",
    means="A path on the command line or in the settings names nothing.",
    why="A misspelled path would otherwise build less than was asked for.",
    wrong="layergen build spec/",
    right="layergen build specs/",
)
NOT_A_SPEC = Code(
    "LG511",
    "not the name of a spec",
    means="A spec's file name ends in `.yaml`, `.yml` or `.json`, and has no control"
    " characters.",
    why="The ending says how the file is to be read; the name stands in the lock.",
    wrong="layergen build specs/a.txt",
    right="layergen build specs/a.yaml",
)
NOTHING_MATCHED = Code(
    "LG512",
    "nothing matched",
    means="No spec was found where layergen looked.",
    why="A build of nothing is most often a build in the wrong folder.",
    wrong="layergen build docs/",
    right="layergen build specs/",
)
BAD_NAME = Code(
    "LG513",
    "unusable name",
    means="A layer needs the name of a Python class, a package a Python name.",
    why="Both become names in the generated code.",
    wrong="layergen new my-layer",
    right="layergen new MyLayer",
)
EXISTS = Code(
    "LG514",
    "file exists",
    means="A file that a command would create is there already.",
    why="Nothing of yours is ever overwritten.",
    wrong="layergen new Gate; layergen new Gate",
    right="layergen new Gate; layergen new WideGate",
)
MISSING_PACKAGE = Code(
    "LG515",
    "package not installed",
    means="The generated tests, or `layergen verify`, need a package that this Python"
    " does not have or cannot import.",
    why="layergen itself needs neither Keras nor pytest, but what it generates does.",
    wrong="pip uninstall keras; layergen test",
    right="pip install keras tensorflow pytest; layergen test",
)

FLAGS = Code(
    "LG516",
    "flags contradict",
    means="Flags or arguments were given that do not go together.",
    why="Each of them says where the result should go.",
    wrong="layergen build --stdout --check",
    right="layergen build --check",
)
UNKNOWN_CODE = Code(
    "LG517",
    "unknown code",
    means="No finding has this code.",
    why="`layergen explain` without a code lists them all.",
    wrong="layergen explain LG999",
    right="layergen explain LG001",
)

UNKNOWN_REVISION = Code(
    "LG518",
    "unknown revision",
    means="What was named is neither a path nor a revision of git, or is both.",
    why="Two versions are compared, and one of them is not there.",
    wrong="layergen diff mian",
    right="layergen diff main",
)
NO_REPOSITORY = Code(
    "LG519",
    "no repository",
    means="A revision was named, and git reads no repository here.",
    why="git is not installed, the project is in no repository, or the repository"
    " belongs to somebody else; git's own reason is in the help.",
    wrong="layergen diff main, in a folder without git",
    right="layergen diff ../other/specs",
)

LOCK_GARBAGE = Code(
    "LG520",
    "lock cannot be read",
    means="A line of `layergen.lock` is not one that layergen writes.",
    why="Without the lock, layergen cannot know which files are its own to overwrite.",
    wrong="echo oops >> generated/layergen.lock; layergen build",
    right="git checkout generated/layergen.lock; layergen build",
)
LOCK_CONFLICT = Code(
    "LG521",
    "lock has merge conflicts",
    means="`layergen.lock` holds the marks of a merge that was not finished.",
    why="Without the lock, layergen cannot know which files are its own to overwrite.",
    wrong="git merge other; layergen build",
    right="git checkout --theirs generated; layergen build",
)

EDITED = Code(
    "LG530",
    "edited by hand",
    means="A generated file is not as layergen wrote it.",
    why="The next build would undo the edit; so it stops before anything is written.",
    wrong="sed -i s/a/b/ generated/demo/gate.py; layergen build",
    right="git checkout generated/demo/gate.py; layergen build",
)
NOT_OURS = Code(
    "LG531",
    "not written by layergen",
    means="A file stands where a generated one should, and the lock does not name it.",
    why="layergen overwrites nothing but its own files.",
    wrong="touch generated/demo/gate.py; layergen build",
    right="rm generated/demo/gate.py; layergen build",
)
SAME_OUTPUT = Code(
    "LG532",
    "two specs, one file",
    means="Two specs yield the same generated file.",
    why="One of the layers would be lost; their `package` and `name` decide.",
    wrong="cp specs/a.yaml specs/b.yaml; layergen build",
    right="mv specs/a.yaml specs/b.yaml; layergen build",
)
SAME_BUT_CASE = Code(
    "LG533",
    "paths differ only by case",
    means="Two generated files have paths that differ only by upper and lower case.",
    why="On the usual file systems of macOS and Windows they are one file.",
    wrong="package: Demo in one spec, package: demo in another",
    right="package: demo in both",
)
SHARED_NAME = Code(
    "LG535",
    "two layers, one name",
    means="A name in `renamed_from` is that of another spec's layer, or was it too.",
    why="Keras keeps one class for a name, that which is imported last: saved models"
    " would load as one layer today and as the other tomorrow.",
    wrong="renamed_from: old>Gate in one spec; package: old, name: Gate in another",
    right="another name for the other layer, or no renamed_from",
)
CANNOT_WRITE = Code(
    "LG534",
    "cannot write",
    means="A generated file or its folder cannot be written or removed.",
    why="The operating system's own reason is in the message. Files that were written"
    " before are whole; the next build goes on from there.",
    wrong="chmod a-w generated; layergen build",
    right="chmod u+w generated; layergen build",
)

SPEC_CHANGED = Code(
    "LG540",
    "spec changed",
    means="A spec, or data that it reads, has changed since its files were generated.",
    why="What is reviewed and what runs are no longer the same.",
    wrong="sed -i s/1.0/2.0/ specs/a.yaml; layergen build --check",
    right="sed -i s/1.0/2.0/ specs/a.yaml; layergen build; layergen build --check",
)
GENERATOR_CHANGED = Code(
    "LG541",
    "generator changed",
    means="The spec and the file are as they were, but layergen now generates"
    " something else: another version of it, or of what it uses, or other settings.",
    why="Whoever builds next would get changes that nobody made.",
    wrong="pip install --upgrade layergen; layergen build --check",
    right="pip install --upgrade layergen; layergen build; layergen build --check",
)
MISSING = Code(
    "LG542",
    "missing",
    means="A generated file is not there.",
    why="A spec without its generated layer cannot be imported.",
    wrong="rm generated/demo/gate.py; layergen build --check",
    right="layergen build; layergen build --check",
)
ORPHAN = Code(
    "LG543",
    "orphan",
    means="A generated file belongs to no spec any more.",
    why="It looks alive, and nobody keeps it right.",
    wrong="rm specs/gate.yaml; layergen build --check",
    right="rm specs/gate.yaml; layergen build; layergen build --check",
)
NOT_LOCKED = Code(
    "LG544",
    "not in the lock",
    means="A generated file is right, but `layergen.lock` does not say so.",
    why="layergen would take the next change of it for an edit by hand.",
    wrong="rm generated/layergen.lock; layergen build --check",
    right="layergen build; layergen build --check",
)
