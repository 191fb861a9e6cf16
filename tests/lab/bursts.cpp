// SPDX-License-Identifier: Apache-2.0
// Makes tasks wait in the lab's machine, and shows what triggers of PSI do and cost.
//   bursts stall DIRECTORY MILLISECONDS   has two processes of the cgroup share a CPU for that long
//   bursts facts DIRECTORY                prints, a line each, what triggers do in the cgroup,
//   which
//                                         it removes at the end
//   bursts price DIRECTORY COUNT TRIGGERS prints what so many triggers in each of the cgroups 0, 1,
//                                         …, below cost: to make one, to close one, and to remove a
//                                         cgroup, which it does with all of them
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr const char* files[] = {"cpu.pressure", "memory.pressure", "io.pressure"};

void require(bool is_done, const std::string& what) {
  if (!is_done) throw std::runtime_error(what + ": " + std::strerror(errno));
}

void join(const std::string& directory) {
  const int procs = ::open((directory + "/cgroup.procs").c_str(), O_WRONLY | O_CLOEXEC);
  require(procs >= 0 && ::write(procs, "0", 1) == 1, directory);
  ::close(procs);
}

void be_busy(milliseconds time) {
  const auto end = Clock::now() + time;
  while (Clock::now() < end) {
  }
}

void stall(const std::string& directory, milliseconds time) {
  join(directory);
  cpu_set_t first;
  CPU_ZERO(&first);
  CPU_SET(0, &first);
  require(::sched_setaffinity(0, sizeof first, &first) == 0, "sched_setaffinity");
  const pid_t child = ::fork();
  be_busy(time);
  if (child == 0) ::_exit(0);
  (void)::waitpid(child, nullptr, 0);
}

void stall_beside(const std::string& directory, int time) {
  const pid_t child = ::fork();
  if (child == 0) {
    stall(directory, milliseconds(time));
    ::_exit(0);
  }
  (void)::waitpid(child, nullptr, 0);
}

int open_trigger(const std::string& path, const std::string& text) {
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return -errno;
  if (::write(file, text.c_str(), text.size() + 1) >= 0) return file;
  const int error = errno;
  ::close(file);
  return -error;
}

std::string outcome(int file) {
  if (file < 0) return ::strerrorname_np(-file);
  ::close(file);
  return "made";
}

std::string ready(int file, int timeout) {
  pollfd poll{file, POLLPRI, 0};
  (void)::poll(&poll, 1, timeout);
  std::string text = (poll.revents & POLLPRI) != 0 ? "POLLPRI" : "no";
  if ((poll.revents & POLLERR) != 0) text += "|POLLERR";
  return text;
}

// Kernel threads that serve triggers of the privileged.
int count_psimon() {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream comm(entry.path() / "comm");
    std::string name;
    if (comm >> name && name == "psimon") ++count;
  }
  return count;
}

void drop_the_right_to_resources() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2]{};
  require(::syscall(SYS_capget, &header, data) == 0, "capget");
  for (auto& each : data) each.inheritable = 0;
  data[0].effective &= ~(1U << CAP_SYS_RESOURCE);
  data[0].permitted &= ~(1U << CAP_SYS_RESOURCE);
  require(::syscall(SYS_capset, &header, data) == 0, "capset");
}

void print(const char* fact, const std::string& value) {
  std::printf("%s: %s\n", fact, value.c_str());
  std::fflush(stdout);
}

std::string read_only(const std::string& directory) {
  const pid_t child = ::fork();
  if (child == 0) {
    const bool is_mounted =
        ::unshare(CLONE_NEWNS) == 0 &&
        ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
        ::mount(directory.c_str(), directory.c_str(), nullptr, MS_BIND, nullptr) == 0 &&
        ::mount(nullptr, directory.c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) ==
            0;
    const int file = is_mounted ? ::open((directory + "/cpu.pressure").c_str(), O_RDWR) : 0;
    ::_exit(file < 0 ? errno : 0);
  }
  int status = 0;
  (void)::waitpid(child, &status, 0);
  return WEXITSTATUS(status) == 0 ? "opened" : ::strerrorname_np(WEXITSTATUS(status));
}

std::string by_nobody(const std::string& path) {
  const pid_t child = ::fork();
  if (child == 0) {
    constexpr uid_t nobody = 65534;
    if (::setresuid(nobody, nobody, nobody) != 0) ::_exit(0);
    ::_exit(::open(path.c_str(), O_RDWR) < 0 ? errno : 0);
  }
  int status = 0;
  (void)::waitpid(child, &status, 0);
  return WEXITSTATUS(status) == 0 ? "opened" : ::strerrorname_np(WEXITSTATUS(status));
}

void facts(const std::string& directory) {
  const std::string cpu = directory + "/cpu.pressure";
  const int before = count_psimon();
  const int privileged = open_trigger(cpu, "some 100000 1000000");
  std::this_thread::sleep_for(milliseconds(100));
  print("threads of a privileged trigger", std::to_string(count_psimon() - before));
  print("privileged, window of 1 s", outcome(privileged));
  print("read-only mount", read_only(directory));
  print("by nobody", by_nobody(cpu));
  drop_the_right_to_resources();
  print("window of 1 s", outcome(open_trigger(cpu, "some 100000 1000000")));
  print("window of 3 s", outcome(open_trigger(cpu, "some 100000 3000000")));
  const int some = open_trigger(cpu, "some 100000 2000000");
  const int other = open_trigger(cpu, "some 100000 2000000");
  if (some < 0 || other < 0) return print("window of 2 s", outcome(some));
  print("threads of triggers", std::to_string(count_psimon() - before));
  print("a second write",
        ::write(some, "some 1 2000000", 15) < 0 ? ::strerrorname_np(errno) : "done");
  print("before", ready(some, 2500));
  // Nobody else reads the files of this cgroup: see the caller.
  stall_beside(directory, 300);
  print("after 300 ms of waiting", ready(some, 5000));
  print("asked again", ready(some, 0));
  print("another trigger", ready(other, 0));
  std::this_thread::sleep_for(std::chrono::seconds(7));  // the kernel has stopped its clock
  stall_beside(directory, 300);
  std::ifstream reader(cpu);
  std::string line;
  std::getline(reader, line);
  print("after 300 ms of waiting, and a reader", ready(some, 5000));
  stall_beside(directory, 5000);
  std::this_thread::sleep_for(milliseconds(2500));
  print("after 5 s of waiting", ready(some, 0));
  require(::rmdir(directory.c_str()) == 0, "rmdir");
  print("removed", ready(some, 0));
}

template <class Call>
double milliseconds_each(std::size_t count, Call&& call) {
  const auto begin = Clock::now();
  for (std::size_t i = 0; i < count; ++i) call(i);
  const std::chrono::duration<double, std::milli> time = Clock::now() - begin;
  return time.count() / static_cast<double>(count);
}

// Of the cgroup, without what its CPUs have charged ahead.
long kernel_memory(const std::string& directory) {
  std::ifstream stat(directory + "/memory.stat");
  std::string key;
  for (long value = 0; stat >> key >> value;) {
    if (key == "kernel") return value;
  }
  return 0;  // before 5.18
}

void price(const std::string& directory, std::size_t count, std::size_t triggers) {
  drop_the_right_to_resources();
  const std::string own = directory + "/own";
  join(own);
  const auto path = [&](std::size_t i) { return directory + '/' + std::to_string(i); };
  std::vector<int> opened;
  opened.reserve(count * triggers);
  std::this_thread::sleep_for(std::chrono::seconds(3));  // memory.stat lags behind by up to 2 s
  const long before = kernel_memory(own);
  const double to_make = milliseconds_each(count * triggers, [&](std::size_t i) {
    const char* const kind = i % 2 == 0 ? "some" : "full";
    opened.push_back(open_trigger(path(i / triggers) + '/' + files[i % triggers / 2],
                                  kind + std::string(" 100000 2000000")));
    require(opened.back() >= 0, "trigger");
  });
  std::this_thread::sleep_for(std::chrono::seconds(3));
  const long after = kernel_memory(own);
  const std::size_t half = count / 2;
  double to_close = 0;
  if (triggers > 0)
    to_close = milliseconds_each(half * triggers, [&](std::size_t i) { ::close(opened[i]); });
  const double to_remove_closed =
      milliseconds_each(half, [&](std::size_t i) { ::rmdir(path(i).c_str()); });
  const double to_remove =
      milliseconds_each(count - half, [&](std::size_t i) { ::rmdir(path(half + i).c_str()); });
  std::printf(
      "%zu triggers each: %.0f us to make one, %ld bytes, %.2f ms to close one, %.2f ms to "
      "remove a cgroup, %.2f ms without triggers\n",
      triggers, to_make * 1000,
      triggers == 0 ? 0 : (after - before) / static_cast<long>(count * triggers), to_close,
      to_remove, to_remove_closed);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 2 ? argv[1] : "";
  try {
    if (what == "stall" && argc == 4) {
      stall(argv[2], milliseconds(std::stol(argv[3])));
    } else if (what == "facts") {
      facts(argv[2]);
    } else if (what == "price" && argc == 5) {
      price(argv[2], std::stoul(argv[3]), std::stoul(argv[4]));
    } else {
      std::fputs("usage: see the top of bursts.cpp\n", stderr);
      return 2;
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
