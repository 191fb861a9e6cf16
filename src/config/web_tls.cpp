// SPDX-License-Identifier: Apache-2.0
#include "config/web_tls.h"

#include <functional>
#include <map>
#include <string_view>
#include <utility>

#include "config/nearest.h"
#include "config/tls_names.h"

namespace cgroup2::config {
namespace {

constexpr std::string_view section_name = "tls_server_config";

// A text that is in the file itself or in a file that it names, which wins.
struct Pem {
  std::string text;
  std::string file;

  [[nodiscard]] bool is_set() const { return !text.empty() || !file.empty(); }
};

class TlsReader {
 public:
  TlsReader(const YamlNode& key, WebFileReading& reading)
      : key_(key), reading_(reading), walk_(reading.walk) {}

  std::optional<TlsConfig> read(const YamlNode& section) {
    std::vector<std::string> known;
    for (const auto& [name, read] : fields_) known.emplace_back(name);
    walk_.each_entry(section, full("."), known, [&](const YamlNode& key, const YamlNode& value) {
      places_.emplace(key.text, value.place);
      fields_.at(key.text)(value, full("." + key.text));
    });
    check_versions();
    const bool is_on =
        cert_.is_set() || key_pem_.is_set() || client_ca_.is_set() || !client_auth_.empty();
    if (!is_on) {
      if (!places_.empty())
        warn(key_.place, full(": TLS stays off, because it has no certificate and no key"));
      return std::nullopt;
    }
    tls_.cert = read_pem(cert_, "cert", true);
    tls_.key = read_pem(key_pem_, "key", true);
    tls_.client_ca = read_pem(client_ca_, "client_ca", false);
    check_clients();
    return std::move(tls_);
  }

 private:
  using ReadField = std::function<void(const YamlNode& node, const std::string& key)>;

  static std::string full(std::string_view rest) {
    return std::string(section_name) + std::string(rest);
  }

  void warn(YamlPlace place, std::string_view text) {
    reading_.warnings.push_back(walk_.where(place) + ": " + std::string(text));
  }

  // Where a key is, or else the section.
  [[nodiscard]] YamlPlace place_of(std::string_view key) const {
    const auto place = places_.find(key);
    return place == places_.end() ? key_.place : place->second;
  }

  ReadField text(std::string& text) {
    return [this, &text](const YamlNode& node, const std::string& key) {
      text = walk_.text_of(node, key).value_or("");
    };
  }

  // `what` is the word of a problem: "unknown cipher "X"".
  template <class Table, class Use>
  void read_name(const YamlNode& node, const std::string& key, std::string_view what,
                 const Table& table, const Use& use) {
    const auto name = walk_.text_of(node, key);
    if (!name) return;
    if (const auto value = find_tls_name(table, *name)) {
      use(*value);
    } else {
      walk_.report(node.place, key + ": unknown " + std::string(what) + ' ' + quote(*name) +
                                   suggestion(*name, tls_names_of(table)));
    }
  }

  ReadField version(TlsVersion& version) {
    return [this, &version](const YamlNode& node, const std::string& key) {
      if (node.kind == YamlKind::nothing) return;
      read_name(node, key, "TLS version", tls_versions, [&](TlsVersion value) { version = value; });
    };
  }

  void read_client_auth(const YamlNode& node, const std::string& key) {
    client_auth_ = walk_.text_of(node, key).value_or("");
    if (client_auth_.empty()) return;
    read_name(node, key, "client_auth_type", client_auths,
              [&](ClientAuth value) { tls_.client_auth = value; });
  }

  void read_cipher_suites(const YamlNode& node, const std::string& key) {
    bool is_given = false;
    walk_.each_item(node, key, [&](const YamlNode& item) {
      is_given = true;
      read_name(item, key, "cipher", tls_cipher_suites, [&](std::string_view name) {
        if (!name.empty()) tls_.cipher_suites.emplace_back(name);
      });
    });
    has_only_tls13_suites_ = is_given && tls_.cipher_suites.empty();
  }

  void read_curves(const YamlNode& node, const std::string& key) {
    walk_.each_item(node, key, [&](const YamlNode& item) {
      read_name(item, key, "curve", tls_curves,
                [&](std::string_view name) { tls_.curves.emplace_back(name); });
    });
  }

  void read_sans(const YamlNode& node, const std::string& key) {
    std::vector<std::string> sans;
    const bool is_list = walk_.each_item(node, key, [&](const YamlNode& item) {
      auto name = walk_.text_of(item, key);
      if (name && name->empty()) walk_.report(item.place, key + ": a name must not be empty");
      if (name) sans.push_back(std::move(*name));
    });
    if (node.kind == YamlKind::nothing) warn(node.place, key + ": has no name, so all are allowed");
    if (!is_list) return;
    if (node.children.empty())
      walk_.report(node.place, key + ": must not be empty, because no client would be let in");
    tls_.client_allowed_sans = std::move(sans);
  }

  void read_preference(const YamlNode& node, const std::string& key) {
    tls_.prefer_server_cipher_suites = walk_.switch_of(node, key).value_or(true);
  }

  void check_versions() {
    if (tls_.min_version > tls_.max_version) {
      walk_.report(place_of(places_.contains("min_version") ? "min_version" : "max_version"),
                   full(".min_version: is newer than max_version"));
    }
    if (!has_only_tls13_suites_) return;
    // Leaves TLS 1.2 and older without a suite, as it does in Go.
    tls_.min_version = TlsVersion::tls13;
    if (tls_.max_version < TlsVersion::tls13) {
      walk_.report(place_of("cipher_suites"),
                   full(".cipher_suites: has no suite of the versions up to max_version"));
    }
  }

  std::string read_pem(const Pem& pem, const std::string& name, bool is_needed) {
    if (!pem.is_set()) {
      if (is_needed)
        walk_.report(key_.place, full(": missing one of " + name + " or " + name + "_file"));
      return {};
    }
    const bool is_in_file = !pem.file.empty();
    auto text = pem.text;
    const auto place = place_of(is_in_file ? name + "_file" : name);
    auto subject = full('.' + name + (is_in_file ? "_file: " : ": "));
    if (is_in_file) {
      const auto path = pem.file.starts_with('/') ? pem.file : reading_.directory + pem.file;
      reading_.files.push_back(path);
      subject += printable(path) + ": ";
      if (const auto problem = reading_.read_file(path, text)) {
        walk_.report(place, subject + *problem);
        return {};
      }
    }
    if (text.find("-----BEGIN ") == std::string::npos)
      walk_.report(place, subject + "has no PEM text");
    return text;
  }

  void check_clients() {
    const bool asks = tls_.client_auth != ClientAuth::none;
    const bool verifies = tls_.client_auth == ClientAuth::verify_if_given ||
                          tls_.client_auth == ClientAuth::require_and_verify;
    const bool is_known = client_auth_.empty() || find_tls_name(client_auths, client_auth_);
    if (client_ca_.is_set() && !asks && is_known) {
      const auto name = client_ca_.file.empty() ? "client_ca" : "client_ca_file";
      walk_.report(place_of(name),
                   full('.' + std::string(name) + ": has no use without client_auth_type"));
    }
    if (verifies && !client_ca_.is_set()) {
      walk_.report(place_of("client_auth_type"), full(".client_auth_type: " + client_auth_ +
                                                      " needs one of client_ca or client_ca_file"));
    }
    if (!tls_.client_allowed_sans || !is_known || verifies) return;
    const auto place = place_of("client_allowed_sans");
    if (asks) {
      warn(place, full(".client_allowed_sans: anybody can make a certificate with such a name, "
                       "which " +
                       client_auth_ + " does not verify"));
    } else {
      walk_.report(place, full(".client_allowed_sans: has no use without client_auth_type"));
    }
  }

  const YamlNode& key_;
  WebFileReading& reading_;
  const YamlWalk& walk_;
  TlsConfig tls_;
  Pem cert_, key_pem_, client_ca_;
  std::string client_auth_;
  bool has_only_tls13_suites_ = false;
  std::map<std::string, YamlPlace, std::less<>> places_;  // of the values that are there, by key
  const std::map<std::string, ReadField, std::less<>> fields_{
      {"cert", text(cert_.text)},
      {"key", text(key_pem_.text)},
      {"client_ca", text(client_ca_.text)},
      {"cert_file", text(cert_.file)},
      {"key_file", text(key_pem_.file)},
      {"client_ca_file", text(client_ca_.file)},
      {"client_auth_type", std::bind_front(&TlsReader::read_client_auth, this)},
      {"client_allowed_sans", std::bind_front(&TlsReader::read_sans, this)},
      {"min_version", version(tls_.min_version)},
      {"max_version", version(tls_.max_version)},
      {"cipher_suites", std::bind_front(&TlsReader::read_cipher_suites, this)},
      {"prefer_server_cipher_suites", std::bind_front(&TlsReader::read_preference, this)},
      {"curve_preferences", std::bind_front(&TlsReader::read_curves, this)},
  };
};

}  // namespace

std::optional<TlsConfig> read_web_tls(const YamlNode& key, const YamlNode& section,
                                      WebFileReading& reading) {
  return TlsReader(key, reading).read(section);
}

}  // namespace cgroup2::config
