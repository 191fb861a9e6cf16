// SPDX-License-Identifier: Apache-2.0

// proxy FLAG...: stands in the place of kube-rbac-proxy, which the lab does not have. It takes the flags that the manifests give to that one,
// serves HTTPS and hands every request on to the upstream. It does not ask who the client is.
package main

import (
	"crypto/tls"
	"flag"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
)

func main() {
	listen := flag.String("secure-listen-address", "", "")
	upstream := flag.String("upstream", "", "")
	certificate := flag.String("tls-cert-file", "", "")
	key := flag.String("tls-private-key-file", "", "")
	version := flag.String("tls-min-version", "", "")
	flag.Parse()
	versions := map[string]uint16{"VersionTLS12": tls.VersionTLS12, "VersionTLS13": tls.VersionTLS13}
	target, err := url.Parse(*upstream)
	if err != nil || versions[*version] == 0 {
		log.Fatal("no upstream or no version: ", *upstream, " ", *version)
	}
	server := http.Server{
		Addr:      *listen,
		Handler:   httputil.NewSingleHostReverseProxy(target),
		TLSConfig: &tls.Config{MinVersion: versions[*version]},
	}
	log.Fatal(server.ListenAndServeTLS(*certificate, *key))
}
