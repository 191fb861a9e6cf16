// SPDX-License-Identifier: Apache-2.0
// Load for the lab's machine that a shell would be too slow for, and what reading costs under it.
//   load churn DIRECTORY COUNT     makes and removes so many cgroups, or as many as it can in a
//                                  minute; ten of them live at once
//   load crowd DIRECTORY COUNT     keeps so many sleeping processes in one cgroup until it is
//   killed load cost DIRECTORY COUNT      reads so many cgroups in which processes work, in several
//   orders load leak DIRECTORY RATE BASE  keeps BASE bytes of memory in one cgroup, and RATE more
//   with each
//                                  second, until it is killed
//   load read DIRECTORY RATE BASE  reads so many bytes of the disk per second in one cgroup,
//   through
//                                  the page cache, from BASE on and none of them twice
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

void require(bool is_done, const std::string& what) {
  if (!is_done) throw std::runtime_error(what + ": " + std::strerror(errno));
}

void write_file(const std::string& path, const std::string& text) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  require(fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()),
          path);
  ::close(fd);
}

std::string child_of(const std::string& directory, int number) {
  return directory + "/" + std::to_string(number);
}

int churn(const std::string& directory, int count) {
  constexpr int alive = 10;
  const auto end = Clock::now() + 1min;
  for (int i = 0; i < count + alive; ++i) {
    if (Clock::now() > end) count = std::min(count, i);
    if (i < count) require(::mkdir(child_of(directory, i).c_str(), 0755) == 0, "mkdir");
    if (i >= alive) require(::rmdir(child_of(directory, i - alive).c_str()) == 0, "rmdir");
  }
  std::printf("%d\n", count);
  return 0;
}

// Processes that end with this one.
pid_t start(const std::string& cgroup, void (*work)()) {
  const pid_t pid = ::fork();
  require(pid >= 0, "fork");
  if (pid > 0) return pid;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  write_file(cgroup + "/cgroup.procs", "0");
  work();
  std::_Exit(0);
}

int crowd(const std::string& directory, int count) {
  for (int i = 0; i < count; ++i) start(directory, [] { ::pause(); });
  std::puts("ready");
  std::fflush(stdout);
  ::pause();
  return 0;
}

// Calls `act` with the bytes that are due since the last time, for ever.
template <class Act>
[[noreturn]] void at_rate(std::size_t rate, Act&& act) {
  const auto begin = Clock::now();
  std::size_t done = 0;
  while (true) {
    std::this_thread::sleep_for(50ms);
    const auto elapsed = std::chrono::duration<double>(Clock::now() - begin).count();
    const auto due = static_cast<std::size_t>(elapsed * static_cast<double>(rate));
    act(due - done);
    done = due;
  }
}

[[noreturn]] void leak(const std::string& directory, std::size_t rate, std::size_t base) {
  constexpr std::size_t most = std::size_t{1} << 32;
  write_file(directory + "/cgroup.procs", "0");
  auto* memory = static_cast<char*>(::mmap(nullptr, most, PROT_READ | PROT_WRITE,
                                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
  require(memory != MAP_FAILED, "mmap");
  std::memset(memory, 1, base);
  memory += base;
  at_rate(rate, [&](std::size_t size) {
    std::memset(memory, 1, size);
    memory += size;
  });
}

[[noreturn]] void read_disk(const std::string& directory, std::size_t rate, std::size_t base) {
  write_file(directory + "/cgroup.procs", "0");
  const int disk = ::open("/dev/vda", O_RDONLY | O_CLOEXEC);
  require(disk >= 0 && ::lseek(disk, static_cast<off_t>(base), SEEK_SET) >= 0, "/dev/vda");
  at_rate(rate, [&](std::size_t size) {
    static char buffer[std::size_t{64} << 10];
    for (; size > 0; size -= std::min(size, sizeof buffer)) {
      require(::read(disk, buffer, std::min(size, sizeof buffer)) > 0, "the disk ends");
    }
  });
}

// Changes what all controllers count, at every wake-up.
void work() {
  constexpr std::size_t size = std::size_t{256} << 10;
  auto* const memory = static_cast<char*>(
      ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  while (true) {
    std::memset(memory, 1, size);
    ::madvise(memory, size, MADV_DONTNEED);
    std::this_thread::sleep_for(20ms);
  }
}

class Files {
 public:
  Files(const std::string& directory, int count) : directory_(directory), count_(count) {}

  // Milliseconds to read these files of all cgroups, one file after the other...
  double in_passes(const std::vector<const char*>& names) {
    const auto begin = Clock::now();
    for (const char* name : names) {
      for (int i = 0; i < count_; ++i) read(i, name);
    }
    return since(begin);
  }

  // ... or one cgroup after the other.
  double by_cgroup(const std::vector<const char*>& names) {
    const auto begin = Clock::now();
    for (int i = 0; i < count_; ++i) {
      for (const char* name : names) read(i, name);
    }
    return since(begin);
  }

 private:
  static double since(Clock::time_point begin) {
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
  }

  void read(int cgroup, const char* name) {
    const int fd = ::open((child_of(directory_, cgroup) + "/" + name).c_str(), O_RDONLY);
    require(fd >= 0 && ::read(fd, buffer_, sizeof buffer_) >= 0, name);
    ::close(fd);
  }

  std::string directory_;
  int count_;
  char buffer_[65536] = {};
};

// The median of several rounds.
template <class Measure>
double median(Measure&& measure) {
  std::vector<double> times(9);
  for (double& time : times) {
    std::this_thread::sleep_for(200ms);  // so that there is something to flush
    time = measure();
  }
  std::ranges::nth_element(times, times.begin() + 4);
  return times[4];
}

int cost(const std::string& directory, int count) {
  for (int i = 0; i < count; ++i) {
    require(::mkdir(child_of(directory, i).c_str(), 0755) == 0, "mkdir");
    start(child_of(directory, i), work);
  }
  std::this_thread::sleep_for(1s);
  Files files(directory, count);
  const std::vector<const char*> all{"cpu.stat", "memory.current", "memory.stat", "io.stat"};
  const double passes = median([&] { return files.in_passes(all); });
  const double mixed = median([&] { return files.by_cgroup(all); });
  std::printf("passes %.2f ms, by cgroup %.2f ms, %.2f times as long\n", passes, mixed,
              mixed / passes);
  for (const char* name :
       {"pids.current", "memory.current", "memory.events", "cpu.stat", "memory.stat",
        "memory.numa_stat", "io.stat", "cpu.pressure", "memory.pressure", "io.pressure"}) {
    const double each = median([&] { return files.in_passes({name}); });
    std::printf("%s %.1f us\n", name, each * 1'000 / count);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::string command = argc == 4 ? argv[1] : "";
    if (command == "churn") return churn(argv[2], std::atoi(argv[3]));
    if (command == "crowd") return crowd(argv[2], std::atoi(argv[3]));
    if (command == "cost") return cost(argv[2], std::atoi(argv[3]));
    const std::string endless = argc == 5 ? argv[1] : "";
    if (endless == "leak") leak(argv[2], std::stoul(argv[3]), std::stoul(argv[4]));
    if (endless == "read") read_disk(argv[2], std::stoul(argv[3]), std::stoul(argv[4]));
    std::fputs(
        "usage: load churn|crowd|cost DIRECTORY COUNT\n"
        "       load leak|read DIRECTORY RATE BASE\n",
        stderr);
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "load: %s\n", error.what());
    return 1;
  }
}
