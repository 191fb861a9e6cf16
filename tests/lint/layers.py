#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails for an #include that the table in src/CMakeLists.txt does not allow, or that shows a library in a header."""

import pathlib
import re
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(TOP / "tools"))
sys.dont_write_bytecode = True

import modules  # noqa: E402

MODULES = modules.modules_of(modules.TABLE.read_text())

# How the headers of a library begin, and the library's target in CMake.
LIBRARIES = {
    "civetweb": "civetweb",
    "zlib": "ZLIB::ZLIB",
    "yaml-cpp": "yaml-cpp",
    "CLI": "CLI11::CLI11",
    "re2": "PkgConfig::RE2",
    "nlohmann": "nlohmann_json::nlohmann_json",
    "toml++": "tomlplusplus",
    "spdlog": "spdlog::spdlog",
    "fmt": "fmt::fmt",
    "prometheus": "prometheus-cpp::core",
    "openssl": "OpenSSL::Crypto",
    "seccomp": "PkgConfig::SECCOMP",
    "crypt": "PkgConfig::CRYPT",
}

INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')


def faults_of(path: pathlib.Path, source: pathlib.Path):
    module = path.relative_to(source).parts[0] if path.parent != source else "main"
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        place = f"{path.relative_to(source.parent)}:{number}"
        quote, name = match.groups()
        first = re.split(r"[/.]", name)[0]
        if quote == '"':
            if name != "version.h" and first not in [module, *MODULES[module].modules] and name not in MODULES[module].headers:
                yield f'{place}: {module} may not include "{name}"'
        elif first in LIBRARIES:
            if LIBRARIES[first] not in MODULES[module].libraries:
                yield f"{place}: {module} may not include <{name}>: it does not link {LIBRARIES[first]}"
            if path.suffix == ".h":
                yield f"{place}: <{name}> in a header"


def main() -> int:
    source = pathlib.Path(sys.argv[1]).resolve()
    files = sorted(source.rglob("*.h")) + sorted(source.rglob("*.cpp"))
    faults = [fault for path in files for fault in faults_of(path, source)]
    print("\n".join(faults) or f"{len(files)} files keep to the arrows")
    return 1 if faults or not files else 0


if __name__ == "__main__":
    sys.exit(main())
