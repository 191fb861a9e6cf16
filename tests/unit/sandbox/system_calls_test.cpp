// SPDX-License-Identifier: Apache-2.0
// Each right is tried without a filter first: a test whose attempt always fails would say nothing.
#include "sandbox/system_calls.h"

#include <dirent.h>
#include <gtest/gtest.h>
#include <sys/inotify.h>
#include <sys/stat.h>

#include <system_error>
#include <thread>

#include "sandboxed.h"
#include "support/seccomp.h"
#include "support/tree.h"

namespace cgroup2::sandbox {
namespace {

using test::in_child;

constexpr Role roles[] = {Role::main,        Role::poller,        Role::prober,  Role::filesystems,
                          Role::peak_opener, Role::burst_counter, Role::watcher, Role::http};

int after(Role role, const std::function<bool()>& attempt) {
  return in_child([&] { return restrict_system_calls(role) == 0 ? int{attempt()} : 2; });
}

int without(const std::function<bool()>& attempt) {
  return in_child([&] { return int{attempt()}; });
}

class SystemCalls : public testing::Test {
 protected:
  void SetUp() override {
    if (!cgroup2::test::holds_filters()) GTEST_SKIP() << "filters of system calls do not hold here";
  }
};

TEST_F(SystemCalls, KeepAllFromSocketsAndTracing) {
  EXPECT_EQ(without(test::can_make_socket), 1);
  EXPECT_EQ(without(test::can_trace), 1);
  for (const Role role : roles) {
    EXPECT_EQ(after(role, test::can_make_socket), 0) << to_string(role);
    EXPECT_EQ(after(role, test::can_trace), 0) << to_string(role);
  }
}

TEST_F(SystemCalls, KeepAllFromPrograms) {
  const auto run = [](auto&& restrict_first) {
    return in_child([&] {
      if (!restrict_first()) return 2;
      return test::can_run_program() ? 0 : 3;
    });
  };
  EXPECT_EQ(run([] { return true; }), 0);
  for (const Role role : roles)
    EXPECT_EQ(run([&] { return restrict_system_calls(role) == 0; }), 3) << to_string(role);
}

TEST_F(SystemCalls, KeepAllFromProcesses) {
  EXPECT_EQ(without(test::can_start_process), 1);
  for (const Role role : roles)
    EXPECT_EQ(after(role, test::can_start_process), 0) << to_string(role);
}

TEST_F(SystemCalls, KeepAllButTheWatcherFromThreads) {
  const auto start_thread = [] {
    try {
      std::thread([] {}).join();
      return true;
    } catch (const std::system_error&) {
      return false;
    }
  };
  for (const Role role : roles)
    EXPECT_EQ(after(role, start_thread), role == Role::watcher) << to_string(role);
}

TEST_F(SystemCalls, KeepHttpFromOpening) {
  const auto open = [] { return test::can_open("/etc/passwd"); };
  EXPECT_EQ(without(open), 1);
  EXPECT_EQ(after(Role::http, open), 0);
  for (const Role role : {Role::main, Role::poller, Role::prober, Role::filesystems, Role::watcher})
    EXPECT_EQ(after(role, open), 1) << to_string(role);
}

TEST_F(SystemCalls, KeepHttpFromLookingForFiles) {
  const auto look = [] {
    struct stat status {};
    return ::stat("/etc/passwd", &status) == 0;
  };
  const int root = ::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const auto list = [&] {
    char buffer[4096];
    return ::getdents64(root, buffer, sizeof buffer) > 0 && ::lseek(root, 0, SEEK_SET) == 0;
  };
  EXPECT_EQ(after(Role::http, look), 0);
  EXPECT_EQ(after(Role::http, list), 0);
  for (const Role role :
       {Role::main, Role::poller, Role::prober, Role::filesystems, Role::watcher}) {
    EXPECT_EQ(after(role, look), 1) << to_string(role);
    EXPECT_EQ(after(role, list), 1) << to_string(role);
  }
  ::close(root);
}

TEST_F(SystemCalls, KeepAllButThePollerFromWriting) {
  const cgroup2::test::Tree tree{{"old", ""}};
  for (const int flags : {O_WRONLY, O_RDWR, O_WRONLY | O_TRUNC, O_RDONLY | O_TRUNC,
                          O_RDONLY | O_CREAT, O_WRONLY | O_APPEND}) {
    const auto open = [&] { return test::can_open(tree.path("old"), flags); };
    EXPECT_EQ(without(open), 1);
    for (const Role role : {Role::main, Role::prober, Role::filesystems, Role::burst_counter,
                            Role::watcher, Role::http})
      EXPECT_EQ(after(role, open), 0) << to_string(role) << ' ' << flags;
    EXPECT_EQ(after(Role::poller, open), 1) << flags;
  }
  const auto remove = [&] { return ::unlink(tree.path("old").c_str()) == 0; };
  EXPECT_EQ(after(Role::watcher, remove), 0);
  EXPECT_EQ(without(remove), 1);
}

TEST_F(SystemCalls, LetThePeakOpenerWriteWhatIsThere) {
  const cgroup2::test::Tree tree{{"old", ""}};
  const auto open = [&](int flags) { return test::can_open(tree.path("old"), flags); };
  EXPECT_EQ(after(Role::peak_opener, [&] { return open(O_RDWR); }), 1);
  for (const int flags : {O_RDWR | O_TRUNC, O_RDWR | O_CREAT, O_RDWR | O_APPEND})
    EXPECT_EQ(after(Role::peak_opener, [&] { return open(flags); }), 0) << flags;
  const auto look = [&] {
    struct stat status {};
    return ::fstat(STDERR_FILENO, &status) == 0;
  };
  EXPECT_EQ(after(Role::peak_opener, look), 1);
  const auto remove = [&] { return ::unlink(tree.path("old").c_str()) == 0; };
  EXPECT_EQ(after(Role::peak_opener, remove), 0);
}

// Landlock knows no modes: root could give set-user-ID to each program that it owns.
TEST_F(SystemCalls, KeepAllFromModes) {
  const cgroup2::test::Tree tree{{"program", ""}};
  const int file = ::open(tree.path("program").c_str(), O_RDONLY | O_CLOEXEC);
  const auto by_name = [&] { return ::chmod(tree.path("program").c_str(), 04755) == 0; };
  const auto by_descriptor = [&] { return ::fchmod(file, 04755) == 0; };
  EXPECT_EQ(without(by_name), 1);
  EXPECT_EQ(without(by_descriptor), 1);
  for (const Role role : roles) {
    EXPECT_EQ(after(role, by_name), 0) << to_string(role);
    EXPECT_EQ(after(role, by_descriptor), 0) << to_string(role);
  }
  ::close(file);
}

TEST_F(SystemCalls, LetTheWatcherWatch) {
  const int inotify = ::inotify_init1(IN_CLOEXEC);
  const auto watch = [&] { return ::inotify_add_watch(inotify, "/", IN_CREATE) >= 0; };
  EXPECT_EQ(after(Role::watcher, watch), 1);
  EXPECT_EQ(after(Role::http, watch), 0);
  ::close(inotify);
}

TEST_F(SystemCalls, LetAllSignalNobodyElse) {
  const auto kill_parent = [] { return ::kill(::getppid(), 0) == 0; };
  EXPECT_EQ(without(kill_parent), 1);
  for (const Role role : roles) EXPECT_EQ(after(role, kill_parent), 0) << to_string(role);
}

// The kernel sends any signal to any process of the same user, to all from root without a
// capability, when data comes to a descriptor that asks for it.
TEST_F(SystemCalls, LetAllSignalNobodyElseByDescriptor) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  for (const auto& own : {std::function([&] { return ::fcntl(ends[0], F_SETOWN, ::getppid()); }),
                          std::function([&] { return ::fcntl(ends[0], F_SETSIG, SIGTERM); })}) {
    const auto attempt = [&] { return own() == 0; };
    EXPECT_EQ(without(attempt), 1);
    for (const Role role : roles) EXPECT_EQ(after(role, attempt), 0) << to_string(role);
  }
  for (const int end : ends) ::close(end);
}

TEST_F(SystemCalls, LetAllChangeTheFlagsOfDescriptors) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const auto change = [&] {
    return ::fcntl(ends[0], F_SETFL, ::fcntl(ends[0], F_GETFL) | O_NONBLOCK) == 0 &&
           ::fcntl(ends[0], F_SETFD, ::fcntl(ends[0], F_GETFD)) == 0 &&
           ::fcntl(ends[0], F_DUPFD_CLOEXEC, 0) >= 0;
  };
  for (const Role role : roles) EXPECT_EQ(after(role, change), 1) << to_string(role);
  for (const int end : ends) ::close(end);
}

TEST_F(SystemCalls, KeepHttpFromConnectingBySending) {
  sockaddr_in target{}, own{};
  const int listener = test::listen_on(target);
  for (const bool as_message : {false, true}) {
    for (const bool is_free : {true, false}) {
      const int socket = test::listen_on(own);
      const auto connect = [&] { return test::can_connect_by_sending(socket, target, as_message); };
      EXPECT_EQ(is_free ? without(connect) : after(Role::http, connect), is_free) << as_message;
      ::close(socket);
    }
  }
  ::close(listener);
}

TEST_F(SystemCalls, LetHttpSendAndReceive) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  EXPECT_EQ(after(Role::http,
                  [&] {
                    char byte = 'x';
                    return ::send(ends[0], &byte, 1, MSG_NOSIGNAL) == 1 &&
                           ::recv(ends[1], &byte, 1, 0) == 1;
                  }),
            1);
  for (const int end : ends) ::close(end);
}

}  // namespace
}  // namespace cgroup2::sandbox
