// SPDX-License-Identifier: Apache-2.0
#include "machine/filesystem_thread.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <memory>
#include <mutex>

namespace cgroup2::machine {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// What one thread waits for until another says that it happened.
class Event {
 public:
  void set() {
    const std::lock_guard lock(mutex_);
    is_set_ = true;
    changed_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return is_set_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_set_ = false;
};

std::vector<Filesystem> answer(const std::string& device) { return {{.device = device}}; }

TEST(FilesystemThread, AnswersOnItsOwnThreadAfterItBegan) {
  std::thread::id began, asked;
  FilesystemThread thread([&] { began = std::this_thread::get_id(); },
                          [&](const std::vector<HostMount>& mounts) {
                            asked = std::this_thread::get_id();
                            return answer(mounts.at(0).device);
                          });
  EXPECT_EQ(thread.ask({{.device = "a"}}, seconds(60)), answer("a"));
  EXPECT_EQ(thread.ask({{.device = "b"}}, seconds(60)), answer("b"));
  EXPECT_EQ(asked, began);
  EXPECT_NE(asked, std::this_thread::get_id());
}

TEST(FilesystemThread, LetsTheCallerGoOnWhileADiskDoesNotAnswer) {
  Event disk;
  FilesystemThread thread([] {},
                          [&](const std::vector<HostMount>& mounts) {
                            if (mounts.at(0).device == "slow") disk.wait();
                            return answer(mounts.at(0).device);
                          });
  EXPECT_EQ(thread.ask({{.device = "slow"}}, milliseconds(1)), std::nullopt);
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(thread.ask({{.device = "b"}}, seconds(60)), std::nullopt);
  EXPECT_LT(std::chrono::steady_clock::now() - before, seconds(30)) << "it does not wait again";
  disk.set();
  std::optional<std::vector<Filesystem>> later;
  while (!later) later = thread.ask({{.device = "c"}}, seconds(60));
  EXPECT_EQ(later, answer("c")) << "no answer to an earlier question";
}

TEST(FilesystemThread, EndsWithoutWaitingForADisk) {
  const auto asked = std::make_shared<Event>();
  const auto disk = std::make_shared<Event>();
  const auto done = std::make_shared<Event>();
  {
    FilesystemThread thread([] {},
                            [asked, disk, done](const std::vector<HostMount>&) {
                              asked->set();
                              disk->wait();
                              done->set();
                              return std::vector<Filesystem>();
                            });
    EXPECT_EQ(thread.ask({}, milliseconds(1)), std::nullopt);
    asked->wait();  // one that ends before its thread has begun asks no disk
  }
  disk->set();
  done->wait();
}

}  // namespace
}  // namespace cgroup2::machine
