"""Make .venv from requirements.lock and, if asked, run a command in it: `python bootstrap.py [--quiet] [-- ARGS…]`.

`--with sail`, `spark` or `peers`: likewise .venv-sail … from its own lock; an engine, or what benchmarks measure against.
Standard library only, and plain enough for an old Python to read: it must still be able to say that it is too old.
The ways are tried in order: `uv` on PATH; a `uv` fetched by pip; pip alone. All check the hashes in the lock.
"""

import ast
import contextlib
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV, BOOT, LOCK = ROOT / ".venv", ROOT / ".boot", ROOT / "requirements.lock"
STAMP = VENV / "warm-stations.stamp"
EXTRAS = {"sail": "pyspark-client", "spark": "pyspark", "peers": None}  # → its one package that comes as source
OLDEST = (3, 11)
SETUP_FAILED = 3
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
HAS_PIP = importlib.util.find_spec("pip") is not None  # Debian's Python need not bring it
STRICT = ["--require-hashes", "--only-binary", ":all:"]  # nothing unknown, and no compiler needed
FROM_SOURCE = []  # an engine's package may be built, with nothing but the lock's own setuptools

# pip's setting → uv's variables, the first of which is set if none is: uv does not read pip's configuration,
# and an office that can only reach its own mirror has usually told pip about it.
PIP_TO_UV = {
    "index-url": ("UV_DEFAULT_INDEX", "UV_INDEX_URL"),
    "extra-index-url": ("UV_INDEX", "UV_EXTRA_INDEX_URL"),
    "find-links": ("UV_FIND_LINKS",),
    "trusted-host": ("UV_INSECURE_HOST",),
    "cert": ("SSL_CERT_FILE",),
    "proxy": ("ALL_PROXY", "HTTPS_PROXY", "https_proxy", "all_proxy"),
}

TOO_OLD = """\
需要 Python {0}.{1} 或更新的版本，现在是 {2}。请安装新版 Python，再用它运行本文件。
Python {0}.{1} or newer is needed; this is {2}. Install a newer one and run this file with it.
"""
FAILED = """\
环境未能建立，具体原因见上面的信息。常见的有：
The environment could not be made; the reason stands above. Usually:
  1. 缺少 pip · pip is missing
         sudo apt-get install -y python3-pip python3-venv
  2. 连不上软件源：检查网络，或填上单位的镜像 · no way to the package index: check the network, or name your mirror
         python3 -m pip config set global.index-url <镜像地址 address>
  3. 文件被占用：请先关闭 JupyterLab 等程序 · files in .venv are in use: close JupyterLab and the like
  4. Python 太新，尚无对应的安装包：请用 3.11 至 3.14 · Python is too new for the locked packages: use 3.11 to 3.14
"""


def main(argv):
    """Set up if anything has changed, then run what follows `--`; returns the exit code."""
    end = argv.index("--") if "--" in argv else len(argv)
    own, command = argv[:end], argv[end + 1 :]
    quiet, rest = "--quiet" in own, [word for word in own if word != "--quiet"]
    if rest[:1] == ["--with"] and rest[1:] in [[extra] for extra in EXTRAS]:
        choose(rest[1])
    elif rest:
        sys.stderr.write(__doc__)
        return 0 if rest == ["--help"] else 2
    if sys.version_info < OLDEST:
        sys.stderr.write(TOO_OLD.format(OLDEST[0], OLDEST[1], sys.version.split()[0]))
        return SETUP_FAILED
    try:
        if not is_ready():
            if Path(sys.prefix).resolve() == VENV:  # activated: an environment cannot remake itself
                return subprocess.call([sys._base_executable, __file__] + argv)
            with one_at_a_time():
                if not is_ready() and not set_up(quiet):
                    raise OSError("no way to set up worked")
    except OSError as error:
        sys.stderr.write("! {}\n{}".format(error, FAILED))
        return SETUP_FAILED
    if not command:
        say(quiet, "环境已就绪：" + VENV.name, "the environment is ready: " + VENV.name)
    return run(command) if command else 0


def choose(extra):
    """From here on it is the environment with this engine, or the peers, that is meant; others never download them."""
    global VENV, LOCK, STAMP, FROM_SOURCE
    VENV, LOCK = ROOT / (".venv-" + extra), ROOT / "requirements-{}.lock".format(extra)
    STAMP, FROM_SOURCE = VENV / STAMP.name, ["--no-binary", EXTRAS[extra]] if EXTRAS[extra] else []


def is_ready(lines=2):
    """Whether the environment was finished by just this kind of Python, from just these files (lines=1: from any)."""
    told = STAMP.read_text(encoding="utf-8").splitlines() if STAMP.exists() else []
    return venv_python().exists() and told[:lines] == stamp()[:lines]


def stamp():
    """Two lines: the kind of Python, and a hash of the files the environment is made from."""
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in (ROOT / "pyproject.toml", LOCK, Path(__file__))))
    kind = "{} {}.{} {}".format(sys.implementation.name, *sys.version_info[:2], sysconfig.get_platform())
    return [kind, digest.hexdigest()]


def venv_python(windows=os.name == "nt"):
    """The environment's own interpreter."""
    return VENV / "Scripts" / "python.exe" if windows else VENV / "bin" / "python"


def set_up(quiet):
    """Make or mend .venv, by the first way that works; False if none does."""
    # In place only if the last set-up ended well, with this kind of Python: half-installed packages look installed.
    in_place = is_ready(lines=1)
    STAMP.unlink(missing_ok=True)
    env = settings()
    for way in (with_uv_on_path, with_uv_from_pip, with_pip)[: 3 if HAS_PIP else 1]:
        try:
            commands = way(env, quiet)
            if not commands:
                continue
            if not in_place:
                say(quiet, "新建 {}（Python {}）".format(VENV.name, sys.version.split()[0]), "making " + VENV.name)
                if VENV.exists():
                    shutil.rmtree(str(VENV))
                call(commands[0], env)
            say(quiet, "安装依赖（首次下载约 300 MB）", "installing packages (about 300 MB the first time)")
            for install in commands[1:]:
                call(install + STRICT + FROM_SOURCE + ["--quiet"] * quiet, env)
            link_checkout()
            STAMP.write_text("\n".join(stamp()) + "\n", encoding="utf-8")
            return True
        except (OSError, subprocess.CalledProcessError) as error:
            print("! {}: {}".format(way.__name__, error), file=sys.stderr)
            in_place = False
    return False


def with_uv_on_path(env, quiet):
    """The quickest way, for those who have uv. Like every way: the command that makes, those that fill it; or None."""
    return uv_commands(shutil.which("uv"))


def with_uv_from_pip(env, quiet):
    """Fetch uv into .boot: asks for neither venv nor ensurepip, and leaves the system's own packages alone."""
    wanted, text = BOOT / "uv.txt", locked("uv")
    if not wanted.exists() or wanted.read_text(encoding="utf-8") != text:
        say(quiet, "下载安装工具 uv", "fetching the installer, uv")
        fresh = BOOT / "uv.part.txt"  # renamed when uv is in place
        fresh.write_text(text, encoding="utf-8")
        call(PIP + ["install", "--target", BOOT, "--upgrade", "--no-deps", "--quiet", "-r", fresh] + STRICT, env)
        fresh.replace(wanted)
    return uv_commands(shutil.which("uv", path=str(BOOT / "bin")))


def locked(name):
    """What the lock says of one package: its version and hashes."""
    return re.search("^{}==.*\n(?:    --hash.*\n)+".format(name), LOCK.read_text(encoding="utf-8"), re.M).group()


def uv_commands(uv):
    """How uv makes and fills the environment."""
    make = [uv, "venv", "--quiet", "--python", sys.executable, VENV]
    sync = [uv, "pip", "sync", "--python", venv_python(), LOCK]
    return uv and (make, sync + ["--build-constraints", LOCK] * bool(FROM_SOURCE))


def with_pip(env, quiet):
    """The slow way, for machines that uv does not run on. Asks for venv, but not for ensurepip."""
    make, install = [sys.executable, "-m", "venv", "--without-pip", VENV], PIP + ["--python", venv_python(), "install"]
    if not FROM_SOURCE:
        return make, install + ["-r", LOCK]
    builder = BOOT / "setuptools.txt"
    builder.write_text(locked("setuptools"), encoding="utf-8")
    return make, install + ["-r", builder], install + ["-r", LOCK, "--no-build-isolation", "--use-pep517"]


def call(command, env):
    """Run a step; what it prints goes to stderr, so that stdout stays the command's own."""
    subprocess.run([str(part) for part in command], env=env, cwd=str(ROOT), stdout=2, check=True)


def settings():
    """The environment for the installers: the user's own, with pip's index and certificates passed on to uv."""
    env = dict(os.environ, UV_PYTHON_DOWNLOADS="never", PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0")
    for key, value in pip_settings().items():
        names = PIP_TO_UV.get(key, ())
        if names and not any(env.get(name) for name in names):
            env[names[0]] = " ".join(value.split())
    # pip looks through all its indexes; so may uv, because every file is checked against its hash in the lock.
    env.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    return env


def pip_settings():
    """What pip would use for `install`: configuration files first, then [install] sections, then PIP_* variables."""
    listing = subprocess.run(PIP + ["config", "list"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    lines = [line.partition("=") for line in listing.decode("utf-8", "replace").splitlines()]
    values = {}
    for wanted in ("global.", "install.", ":env:."):
        for name, _, value in lines:
            if name.startswith(wanted):
                with contextlib.suppress(SyntaxError, ValueError):
                    values[name[len(wanted) :]] = str(ast.literal_eval(value))
    return values


def link_checkout():
    """Let notebooks in any folder import `pipeline`. The path is relative, hence ASCII and safe to move."""
    packages = Path(sysconfig.get_path("purelib", scheme="venv", vars={"base": str(VENV)}))
    (packages / "warm-stations.pth").write_text(os.path.relpath(str(ROOT), str(packages)) + "\n", encoding="ascii")


@contextlib.contextmanager
def one_at_a_time():
    """Two terminals may start at once: the second waits for the first."""
    BOOT.mkdir(exist_ok=True)
    with open(str(BOOT / "lock"), "a+b") as handle:
        if os.name == "nt":
            import msvcrt

            handle.seek(0)
            while True:
                with contextlib.suppress(OSError):  # gives up after ten seconds; ask again
                    msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
                    break
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def run(args):
    """Run `.venv python ARGS`; Ctrl-C is the command's to answer, and its exit code is ours."""
    with subprocess.Popen([str(venv_python())] + args) as child:
        while True:
            with contextlib.suppress(KeyboardInterrupt):
                code = child.wait()
                return code if code >= 0 else 128 - code


def say(quiet, zh, en):
    """One line of progress, in both languages."""
    if not quiet:
        print("» {} · {}".format(zh, en), file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
