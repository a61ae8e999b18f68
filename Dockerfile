# The controller as one static binary, for amd64:
#   docker build -t registry.example/kdef-controller:0.8.0 .
FROM docker.io/library/rust:1.95.0-slim AS build
WORKDIR /src
COPY . .
ENV RUSTFLAGS="-C target-feature=+crt-static"
RUN cargo build --release --locked --package kdef-controller --target x86_64-unknown-linux-gnu

FROM scratch
COPY --from=build /src/target/x86_64-unknown-linux-gnu/release/kdef-controller /kdef-controller
USER 65532:65532
ENTRYPOINT ["/kdef-controller"]
