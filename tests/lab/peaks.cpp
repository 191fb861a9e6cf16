// SPDX-License-Identifier: Apache-2.0
// Uses memory for a moment in the lab's machine, and reads memory.peak as others do.
//   peaks spike DIRECTORY BYTES MILLISECONDS  uses that much in the cgroup for that long
//   peaks hold FILE RESETS SECONDS            opens it, resets what it shows if RESETS is 1, and
//                                             prints what it shows then and after that time
//   peaks price DIRECTORY COUNT               prints what it costs to have memory.peak open in that
//                                             many cgroups, 0, 1, …, below, to read it and to reset
//                                             it: bytes of kernel memory, microseconds; by what
//                                             the cgroup of this process, in DIRECTORY/own, has
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

void require(bool is_done, const std::string& what) {
  if (!is_done) throw std::runtime_error(what + ": " + std::strerror(errno));
}

int open_file(const std::string& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC);
  require(fd >= 0, path);
  return fd;
}

void write_text(int fd, const std::string& text) {
  require(::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()), text);
}

std::string read_text(int fd) {
  char buffer[64];
  const ssize_t size = ::pread(fd, buffer, sizeof buffer, 0);
  require(size > 0, "read");
  return {buffer, static_cast<std::size_t>(size) - 1};
}

void join(const std::string& directory) {
  const int procs = open_file(directory + "/cgroup.procs", O_WRONLY);
  write_text(procs, "0");
  ::close(procs);
}

void spike(const std::string& directory, std::size_t bytes, std::chrono::milliseconds time) {
  join(directory);
  void* const memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  require(memory != MAP_FAILED, "mmap");
  std::this_thread::sleep_for(time);
}

void hold(const std::string& path, bool resets, std::chrono::seconds time) {
  const int file = open_file(path, resets ? O_RDWR : O_RDONLY);
  if (resets) write_text(file, "reset");
  const std::string before = read_text(file);
  std::this_thread::sleep_for(time);
  std::printf("%s %s\n", before.c_str(), read_text(file).c_str());
}

// Of the cgroup, without what its CPUs have charged ahead.
long kernel_memory(const std::string& directory) {
  std::ifstream stat(directory + "/memory.stat");
  std::string key;
  for (long value = 0; stat >> key >> value;) {
    if (key == "kernel") return value;
  }
  throw std::runtime_error("memory.stat has no kernel");
}

template <class Call>
double microseconds_each(const std::vector<int>& files, Call&& call) {
  constexpr int rounds = 5;
  const auto begin = Clock::now();
  for (int round = 0; round < rounds; ++round) {
    for (const int file : files) call(file);
  }
  const std::chrono::duration<double, std::micro> time = Clock::now() - begin;
  return time.count() / rounds / static_cast<double>(files.size());
}

void price(const std::string& directory, int count) {
  const std::string own = directory + "/own";
  join(own);
  std::vector<int> files;
  files.reserve(static_cast<std::size_t>(count));
  std::this_thread::sleep_for(std::chrono::seconds(3));  // memory.stat lags behind by up to 2 s
  const long before = kernel_memory(own);
  for (int i = 0; i < count; ++i)
    files.push_back(open_file(directory + '/' + std::to_string(i) + "/memory.peak", O_RDWR));
  for (const int file : files) {
    write_text(file, "reset");
    (void)read_text(file);  // from then on it has a buffer, too
  }
  std::this_thread::sleep_for(std::chrono::seconds(3));
  const long after = kernel_memory(own);
  const double to_read = microseconds_each(files, read_text);
  const double to_reset = microseconds_each(files, [](int file) { write_text(file, "reset"); });
  std::printf("%ld bytes, %.1f us to read, %.1f us to reset\n", (after - before) / count, to_read,
              to_reset);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 3 ? argv[1] : "";
  try {
    if (what == "spike" && argc == 5) {
      spike(argv[2], std::stoul(argv[3]), std::chrono::milliseconds(std::stol(argv[4])));
    } else if (what == "hold" && argc == 5) {
      hold(argv[2], std::stol(argv[3]) != 0, std::chrono::seconds(std::stol(argv[4])));
    } else if (what == "price") {
      price(argv[2], std::stoi(argv[3]));
    } else {
      std::fputs("usage: see the top of peaks.cpp\n", stderr);
      return 2;
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
