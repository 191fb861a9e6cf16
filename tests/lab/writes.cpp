// SPDX-License-Identifier: Apache-2.0
// Writes settings of cgroups in the lab's machine, and shows who is told of it.
//   writes limits DIRECTORY SEED     writes every setting of every cgroup below once, with values
//                                    that follow from SEED; what the kernel refuses stays
//   writes forever DIRECTORY         the same again and again, until it is killed
//   writes untold FILE VALUE         writes by io_submit(2), or by write(2) up to 5.10,
//                                    which takes no other writes to files of cgroups
//   writes watch DIRECTORY COMMAND…  runs the command and prints the names of the files for which
//                                    the directory's watch got IN_MODIFY
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <poll.h>
#include <spawn.h>
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <functional>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
using Random = std::mt19937;

void require(bool is_done, const std::string& what) {
  if (!is_done) throw std::runtime_error(what + ": " + std::strerror(errno));
}

long between(Random& random, long least, long most) {
  return std::uniform_int_distribution<long>(least, most)(random);
}

std::string one_of(Random& random, const std::vector<std::string>& values) {
  return values[static_cast<std::size_t>(between(random, 0, static_cast<long>(values.size()) - 1))];
}

std::string number(Random& random, long least, long most) {
  return std::to_string(between(random, least, most));
}

// A limit of whole huge pages, which every controller takes as it is.
std::string limit(Random& random) {
  if (between(random, 0, 3) == 0) return "max";
  return std::to_string(between(random, 1, 1000) * (2 << 20));
}

std::string percent(Random& random) { return number(random, 0, 99) + "." + number(random, 10, 99); }

struct Setting {
  const char* file;
  std::function<std::string(Random&)> value;
};

const std::vector<Setting>& settings() {
  static const auto is_on = [](Random& random) { return number(random, 0, 1); };
  static const auto cpus = [](Random& random) {
    return one_of(random, {"0", "0-1", "1-2", "0,2"});
  };
  static const std::vector<Setting> all{
      {"memory.max", limit},
      {"memory.high", limit},
      {"memory.low", limit},
      {"memory.min", limit},
      {"memory.oom.group", is_on},
      {"memory.swap.max", limit},
      {"memory.swap.high", limit},
      {"memory.zswap.max", limit},
      {"memory.zswap.writeback", is_on},
      {"cpu.max",
       [](Random& random) {
         return one_of(random, {"max", number(random, 2000, 900000)}) + " 100000";
       }},
      {"cpu.max.burst", [](Random& random) { return number(random, 0, 2000); }},
      {"cpu.weight", [](Random& random) { return number(random, 1, 10000); }},
      {"cpu.weight.nice", [](Random& random) { return number(random, -20, 19); }},
      {"cpu.idle", is_on},
      {"cpu.uclamp.min", percent},
      {"cpu.uclamp.max", percent},
      {"cpuset.cpus", cpus},
      {"cpuset.cpus.exclusive", cpus},
      {"cpuset.mems",
       [](Random& random) {
         return one_of(random, {"0", "1", "0-1"});
       }},
      {"pids.max",
       [](Random& random) {
         return one_of(random, {"max", number(random, 1, 4000)});
       }},
      {"hugetlb.2MB.max", limit},
      {"hugetlb.2MB.rsvd.max", limit},
      {"io.prio.class",
       [](Random& random) {
         return one_of(random, {"no-change", "restrict-to-be", "idle"});
       }},
      {"cgroup.freeze", is_on},
      {"cgroup.pressure", is_on},
      {"cgroup.max.depth", [](Random& random) { return number(random, 4, 900); }},
      {"cgroup.max.descendants", [](Random& random) { return number(random, 20, 900); }},
      // Makes the files of the children anew, with the values of new cgroups.
      {"cgroup.subtree_control",
       [](Random& random) {
         return one_of(random,
                       {"+memory", "-memory +pids", "-pids +cpu", "-cpu", "+memory +cpu +pids",
                        "-cpuset", "+cpuset", "-hugetlb", "+hugetlb"});
       }},
  };
  return all;
}

void write_settings(const std::string& directory, Random& random) {
  std::vector<std::string> cgroups;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (entry.is_directory()) cgroups.push_back(entry.path());
  }
  for (const std::string& cgroup : cgroups) {
    for (const Setting& setting : settings()) {
      const std::string value = setting.value(random);
      const int fd = ::open((cgroup + "/" + setting.file).c_str(), O_WRONLY | O_CLOEXEC);
      if (fd < 0) continue;
      (void)!::write(fd, value.data(), value.size());
      ::close(fd);
    }
  }
}

[[noreturn]] void write_forever(const std::string& directory) {
  for (Random random;;) {
    write_settings(directory, random);
    std::this_thread::sleep_for(100ms);
  }
}

void write_untold(const std::string& file, const std::string& value) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CLOEXEC);
  require(fd >= 0, file);
  aio_context_t context = 0;
  require(::syscall(SYS_io_setup, 1, &context) == 0, "io_setup");
  iocb request{};
  request.aio_fildes = static_cast<__u32>(fd);
  request.aio_lio_opcode = IOCB_CMD_PWRITE;
  request.aio_buf = reinterpret_cast<__u64>(value.data());
  request.aio_nbytes = value.size();
  iocb* requests[] = {&request};
  if (::syscall(SYS_io_submit, context, 1, requests) != 1) {
    require(errno == EINVAL, "io_submit");
    require(::write(fd, value.data(), value.size()) == static_cast<ssize_t>(value.size()), file);
    return;
  }
  io_event event{};
  require(::syscall(SYS_io_getevents, context, 1, 1, &event, nullptr) == 1, "io_getevents");
  errno = static_cast<int>(-event.res);
  require(event.res == static_cast<__s64>(value.size()), file);
}

void watch(const std::string& directory, char** command) {
  const int queue = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  require(queue >= 0 && ::inotify_add_watch(queue, directory.c_str(), IN_MODIFY) >= 0, directory);
  pid_t pid = 0;
  errno = ::posix_spawnp(&pid, command[0], nullptr, nullptr, command, environ);
  int status = 0;
  require(errno == 0 && ::waitpid(pid, &status, 0) == pid && status == 0, command[0]);
  std::set<std::string> names;
  alignas(inotify_event) char buffer[65536];
  pollfd poll{queue, POLLIN, 0};
  while (::poll(&poll, 1, 500) > 0) {  // the kernel's own events come through a work queue
    const ssize_t size = ::read(queue, buffer, sizeof buffer);
    for (ssize_t at = 0; at < size;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
      if (event->len > 0) names.insert(event->name);
      at += static_cast<ssize_t>(sizeof *event + event->len);
    }
  }
  for (const std::string& name : names) std::puts(name.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 2 ? argv[1] : "";
  try {
    if (what == "limits" && argc == 4) {
      Random random(static_cast<Random::result_type>(std::stoul(argv[3])));
      write_settings(argv[2], random);
    } else if (what == "forever") {
      write_forever(argv[2]);
    } else if (what == "untold" && argc == 4) {
      write_untold(argv[2], argv[3]);
    } else if (what == "watch" && argc > 3) {
      watch(argv[2], argv + 3);
    } else {
      std::fputs("usage: see the top of writes.cpp\n", stderr);
      return 2;
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
