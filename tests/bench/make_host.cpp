// SPDX-License-Identifier: Apache-2.0
// make_host COUNT: makes a FakeHost of that many cgroups for another program, prints where it is,
// and removes it when standard input ends.
#include <unistd.h>

#include <exception>
#include <filesystem>
#include <iostream>
#include <string>

#include "bench/fake_host.h"

int main(int argc, char** argv) {
  try {
    const cgroup2::bench::FakeHost host(argc == 2 ? std::stoul(argv[1]) : 1'000);
    const auto roots = host.open();
    const auto link = "/proc/self/fd/" + std::to_string(roots.rootfs.number());
    std::cout << std::filesystem::read_symlink(link).string() << std::endl;
    while (std::cin.get() != EOF) {
    }
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "make_host: " << error.what() << '\n';
    return 1;
  }
}
