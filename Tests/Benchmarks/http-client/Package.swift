// swift-tools-version: 6.2

// A package of its own, so that the main one gets no further dependency. Its CurlHTTP and CCurl are links to the real ones.

import PackageDescription

let package = Package(
    name: "http-client-benchmark",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    ],
    targets: [
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(name: "CurlHTTP", dependencies: ["CCurl", .product(name: "CoreMetrics", package: "swift-metrics")]),
        .target(name: "Load"),
        .executableTarget(name: "CurlLoad", dependencies: ["CurlHTTP", "Load"]),
        .executableTarget(name: "CurlStream", dependencies: ["CurlHTTP"]),
        .executableTarget(
            name: "AsyncLoad",
            dependencies: [
                "Load", .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]),
    ]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .treatAllWarnings(as: .error),
    ]
}
