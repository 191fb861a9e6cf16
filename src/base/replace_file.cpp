// SPDX-License-Identifier: Apache-2.0
#include "base/replace_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/fd.h"

namespace cgroup2::base {
namespace {

// An exporter that is started by hand as root must not leave a file that the service's user cannot
// read. Who may not give files away leaves it: then the file is its own user's alone.
void give_to_owner_of(const Fd& directory, const Fd& file) {
  struct stat wanted {};
  struct stat found {};
  if (::fstat(directory.number(), &wanted) != 0 || ::fstat(file.number(), &found) != 0) return;
  if (wanted.st_uid == found.st_uid) return;
  [[maybe_unused]] const int result = ::fchown(file.number(), wanted.st_uid, wanted.st_gid);
}

int fail_and_remove(const std::string& path, int code) {
  ::unlink(path.c_str());
  return code;
}

}  // namespace

int replace_file(const std::string& path, std::string_view text) {
  const auto slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const std::string temporary = path + ".new";
  // Made anew: what is there under that name may be another file by a hard link.
  constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  ::unlink(temporary.c_str());
  Fd file(::open(temporary.c_str(), flags, 0600));
  if (!file.is_open() && errno == ENOENT && ::mkdir(directory.c_str(), 0700) == 0)
    file = Fd(::open(temporary.c_str(), flags, 0600));
  if (!file.is_open()) return errno;
  const Fd parent(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (parent.is_open()) give_to_owner_of(parent, file);
  while (!text.empty()) {
    const ssize_t n = ::write(file.number(), text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return fail_and_remove(temporary, n < 0 ? errno : EIO);
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  if (::fsync(file.number()) != 0) return fail_and_remove(temporary, errno);
  if (::rename(temporary.c_str(), path.c_str()) != 0) return fail_and_remove(temporary, errno);
  if (!parent.is_open() || ::fsync(parent.number()) != 0) return errno;
  return 0;
}

}  // namespace cgroup2::base
