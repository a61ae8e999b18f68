module kdef.gsid.nl/testbed/tools/flux-crds

go 1.26.0

// Nothing is built from this module: the testbed takes the CRDs of today's Flux from it.
require github.com/fluxcd/source-controller v1.9.6
