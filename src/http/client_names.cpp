// SPDX-License-Identifier: Apache-2.0
#include "http/client_names.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/asn1.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstring>
#include <memory>
#include <optional>

namespace cgroup2::http {
namespace {

std::string bytes_of(const ASN1_STRING& text) {
  const auto* data = reinterpret_cast<const char*>(::ASN1_STRING_get0_data(&text));
  return {data, static_cast<std::size_t>(::ASN1_STRING_length(&text))};
}

std::optional<std::string> address_of(const std::string& bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  int family = AF_INET;
  const char* data = bytes.data();
  if (bytes.size() == sizeof(in6_addr)) {
    in6_addr address{};
    std::memcpy(&address, data, sizeof address);
    constexpr std::size_t mapped_prefix = 12;
    if (IN6_IS_ADDR_V4MAPPED(&address)) {
      data += mapped_prefix;
    } else {
      family = AF_INET6;
    }
  } else if (bytes.size() != sizeof(in_addr)) {
    return std::nullopt;
  }
  ::inet_ntop(family, data, text.data(), text.size());
  return text.data();
}

std::optional<std::string> text_of(const GENERAL_NAME& name) {
  switch (name.type) {
    case GEN_DNS:
    case GEN_EMAIL:
    case GEN_URI:
      return bytes_of(*name.d.ia5);
    case GEN_IPADD:
      return address_of(bytes_of(*name.d.iPAddress));
    default:
      return std::nullopt;
  }
}

}  // namespace

std::vector<std::string> client_names(const x509_st& certificate) {
  const std::unique_ptr<GENERAL_NAMES, decltype(&::GENERAL_NAMES_free)> list(
      static_cast<GENERAL_NAMES*>(
          ::X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)),
      &::GENERAL_NAMES_free);
  std::vector<std::string> names;
  for (int i = 0; i < sk_GENERAL_NAME_num(list.get()); ++i) {
    auto name = text_of(*sk_GENERAL_NAME_value(list.get(), i));
    if (name) names.push_back(std::move(*name));
  }
  return names;
}

}  // namespace cgroup2::http
