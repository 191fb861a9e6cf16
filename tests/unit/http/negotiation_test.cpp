// SPDX-License-Identifier: Apache-2.0
#include "http/negotiation.h"

#include <gtest/gtest.h>

#include <string>

namespace cgroup2::http {
namespace {

struct AcceptRow {
  const char* accept;
  bool is_openmetrics;
};

class Accept : public testing::TestWithParam<AcceptRow> {};

TEST_P(Accept, ChoosesTheFormat) {
  EXPECT_EQ(prefers_openmetrics(GetParam().accept), GetParam().is_openmetrics) << GetParam().accept;
}

INSTANTIATE_TEST_SUITE_P(
    IsTextWithoutGoodReason, Accept,
    testing::Values(AcceptRow{"", false}, AcceptRow{",", false}, AcceptRow{" , ;q=1, ;", false},
                    AcceptRow{"*/*", false}, AcceptRow{"text/*", false},
                    AcceptRow{"text/plain", false}, AcceptRow{"text/html", false},
                    AcceptRow{"image/png;q=1", false}, AcceptRow{"*; q=.2, */*; q=.2", false},
                    AcceptRow{"application/openmetrics", false},
                    AcceptRow{"application/openmetrics-text-like", false},
                    AcceptRow{"application/openmetrics-text;version=2.0.0", false},
                    AcceptRow{"application/openmetrics-text;q=0", false},
                    AcceptRow{"application/openmetrics-text;q=0.000", false},
                    AcceptRow{"application/openmetrics-text;q=2", false},
                    AcceptRow{"application/openmetrics-text;q=1.001", false},
                    AcceptRow{"application/openmetrics-text;q=-1", false},
                    AcceptRow{"application/openmetrics-text;q=0.1234", false},
                    AcceptRow{"application/openmetrics-text;q=", false},
                    AcceptRow{"application/openmetrics-text;q=high", false},
                    AcceptRow{"\"application/openmetrics-text", false}));

INSTANTIATE_TEST_SUITE_P(
    TakesOpenMetricsByName, Accept,
    testing::Values(AcceptRow{"application/openmetrics-text", true},
                    AcceptRow{"application/openmetrics-text;version=1.0.0", true},
                    AcceptRow{"application/openmetrics-text;version=0.0.1", true},
                    AcceptRow{"application/openmetrics-text;version=\"1.0.0\"", true},
                    AcceptRow{"application/openmetrics-text;x=\"a,b;q=0\";version=1.0.0", true},
                    AcceptRow{"application/openmetrics-text;x=\"\\\",\";version=1.0.0", true},
                    AcceptRow{"Application/OpenMetrics-Text ; Version=1.0.0 ; Q=0.1", true},
                    AcceptRow{"\tapplication/openmetrics-text;q=0.001\t", true},
                    AcceptRow{"text, application/openmetrics-text;flag;q=1.000", true}));

INSTANTIATE_TEST_SUITE_P(
    ComparesWeights, Accept,
    testing::Values(AcceptRow{"application/openmetrics-text;q=0.5,text/plain;q=0.4", true},
                    AcceptRow{"application/openmetrics-text;q=0.4,text/plain;q=0.5", false},
                    AcceptRow{"application/openmetrics-text;q=0.4,*/*", false},
                    AcceptRow{"application/openmetrics-text,*/*;q=0.9", true},
                    AcceptRow{"application/openmetrics-text;q=0.9,text/plain;q=bad", true},
                    AcceptRow{"application/openmetrics-text;q=0,text/plain;q=0", false},
                    AcceptRow{"application/openmetrics-text,text/plain", true},
                    AcceptRow{"text/plain,application/openmetrics-text", false},
                    AcceptRow{"text/plain;version=1.0.0,application/openmetrics-text;q=0.1",
                              true}));

INSTANTIATE_TEST_SUITE_P(
    TakesTheMostSpecificRange, Accept,
    testing::Values(
        AcceptRow{"*/*;q=0.9,text/plain;q=0.1,application/openmetrics-text;q=0.5", true},
        AcceptRow{
            "text/plain;version=0.0.4;q=0.1,text/plain;q=0.9,application/openmetrics-text;q=0.5",
            true},
        AcceptRow{"text/*;q=0.9,*/*;q=0.1,application/openmetrics-text;q=0.5", false},
        AcceptRow{"application/openmetrics-text,application/openmetrics-text;version=1.0.0;q=0",
                  false},
        AcceptRow{
            "application/openmetrics-text;q=0.2,application/openmetrics-text;version=1.0.0,text/"
            "plain;q=0.5",
            true}));

// As sent by Prometheus 3 with default settings, with protobuf first, and by Prometheus 2.
INSTANTIATE_TEST_SUITE_P(
    KnowsPrometheus, Accept,
    testing::Values(
        AcceptRow{"application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
                  "application/openmetrics-text;version=0.0.1;q=0.5,"
                  "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
                  "text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
                  true},
        AcceptRow{"application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
                  "encoding=delimited;q=0.7,"
                  "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
                  "application/openmetrics-text;version=0.0.1;q=0.5,"
                  "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
                  "text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
                  true},
        AcceptRow{"application/openmetrics-text;version=1.0.0,"
                  "application/openmetrics-text;version=0.0.1;q=0.75,"
                  "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                  true},
        AcceptRow{
            "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,"
            "*/*;q=0.2",
            false}));

struct EncodingRow {
  const char* accept_encoding;
  bool is_gzip;
};

class AcceptEncoding : public testing::TestWithParam<EncodingRow> {};

TEST_P(AcceptEncoding, DecidesOnGzip) {
  EXPECT_EQ(accepts_gzip(GetParam().accept_encoding), GetParam().is_gzip)
      << GetParam().accept_encoding;
}

INSTANTIATE_TEST_SUITE_P(
    Rows, AcceptEncoding,
    testing::Values(EncodingRow{"", false}, EncodingRow{"identity", false},
                    EncodingRow{"deflate, br", false}, EncodingRow{"gzipped", false},
                    EncodingRow{"gzip;q=0", false}, EncodingRow{"gzip;q=0.0, *", false},
                    EncodingRow{"*, gzip;q=0", false}, EncodingRow{"*;q=0", false},
                    EncodingRow{"gzip;q=1.5", false}, EncodingRow{"gzip;q=", false},
                    EncodingRow{"gzip", true}, EncodingRow{"GZip", true},
                    EncodingRow{"x-gzip", true}, EncodingRow{"*", true},
                    EncodingRow{"*;q=0.1", true}, EncodingRow{"deflate;q=1, gzip ; q=0.001", true},
                    EncodingRow{"*;q=0, gzip", true}, EncodingRow{"identity;q=0, gzip", true}));

TEST(PrefersOpenMetrics, InAHeaderOfManyKilobytes) {
  std::string accept;
  for (int i = 0; i < 4000; ++i) accept += "a/b;q=0.5,";
  EXPECT_TRUE(prefers_openmetrics(accept + "application/openmetrics-text;q=0.1"));
}

}  // namespace
}  // namespace cgroup2::http
