// swift-tools-version: 6.2

import PackageDescription

let package = Package(
    name: "minsheng",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "minsheng", targets: ["Gateway"]),
        .executable(name: "aid-service", targets: ["AidService"]),
        .executable(name: "guide-service", targets: ["GuideService"]),
        .executable(name: "training-service", targets: ["TrainingService"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CQREncode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
        .systemLibrary(name: "CXLSXWriter", pkgConfig: "xlsxwriter", providers: [.apt(["libxlsxwriter-dev"])]),
        .target(name: "CScan"),
        .target(name: "CSQLiteSetup", linkerSettings: [.linkedLibrary("sqlite3")]),

        .target(name: "SocialDomain"),
        .target(name: "Contracts", dependencies: ["SocialDomain"]),
        .target(name: "CurlHTTP", dependencies: ["CCurl", .product(name: "CoreMetrics", package: "swift-metrics")]),
        .target(name: "Tabular", dependencies: ["CArchive", "CScan", "CXLSXWriter"]),
        .target(
            name: "Security",
            dependencies: [
                "SocialDomain",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "JWTKit", package: "jwt-kit"),
            ]),
        .target(
            name: "Storage",
            dependencies: [
                "CPostgres", "CSQLiteSetup", "SocialDomain",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        .target(
            name: "ServiceKit",
            dependencies: [
                "CQREncode", "Contracts", "CurlHTTP", "Security", "SocialDomain", "Storage",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            resources: [.copy("Resources")]),

        .target(name: "ServiceClients", dependencies: ["Contracts", "CurlHTTP", "SocialDomain"]),
        .executableTarget(
            name: "Gateway",
            dependencies: [
                "Contracts", "CurlHTTP", "Security", "ServiceClients", "ServiceKit", "SocialDomain", "Storage",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            resources: [.copy("Migrations"), .copy("Resources")]),

        service(
            "Aid",
            dependencies: [
                "CScan", "CurlHTTP", "Security", "Storage", "Tabular",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Yams", package: "Yams"),
            ]),

        service(
            "Guide",
            dependencies: [
                "Security", "Storage", "Tabular",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ]),

        service(
            "Training",
            dependencies: [
                "CurlHTTP", "Security", "ServiceClients", "Storage", "Tabular",
                .product(name: "Crypto", package: "swift-crypto"),
            ]),

        .executableTarget(
            name: "BareServer", dependencies: [.product(name: "Hummingbird", package: "hummingbird")],
            path: "Tests/Benchmarks/service/BareServer"),
        .executableTarget(name: "KillWriter", dependencies: ["Storage"], path: "Tests/Kill/Writer"),
        .executableTarget(
            name: "JobWorker",
            dependencies: ["ServiceKit", "Storage", .product(name: "Logging", package: "swift-log")],
            path: "Tests/Kill/JobWorker"),

        .testTarget(
            name: "CurlHTTPTests",
            dependencies: ["CurlHTTP", .product(name: "MetricsTestKit", package: "swift-metrics")],
            exclude: ["install-httpbin.sh", "misbehaving_server.py", "servers.py"]),
        .testTarget(name: "SecurityTests", dependencies: ["Security", "SocialDomain"]),
        .target(name: "TestDatabases", dependencies: ["Storage"], path: "Tests/TestDatabases"),
        .target(
            name: "TestPages",
            dependencies: [
                "ServiceKit", .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ],
            path: "Tests/TestPages"),
        .testTarget(name: "StorageTests", dependencies: ["Storage", "TestDatabases"]),
        .testTarget(name: "SocialDomainTests", dependencies: ["SocialDomain"]),
        .testTarget(
            name: "ServiceClientsTests",
            dependencies: [
                "Contracts", "CurlHTTP", "ServiceClients", .product(name: "Hummingbird", package: "hummingbird"),
            ]),
        .testTarget(name: "ContractsTests", dependencies: ["Contracts"]),
        .testTarget(name: "TabularTests", dependencies: ["Tabular"]),
        .testTarget(
            name: "ServiceKitTests",
            dependencies: [
                "CurlHTTP", "JobWorker", "Security", "ServiceKit", "SocialDomain", "Storage", "TestDatabases",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        .testTarget(
            name: "GatewayTests",
            dependencies: [
                "Contracts", "Gateway", "Security", "ServiceKit", "SocialDomain", "Storage", "TestDatabases",
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ]),
        .testTarget(
            name: "GuideServiceTests",
            dependencies: [
                "Contracts", "GuideService", "Security", "ServiceKit", "SocialDomain", "Storage", "Tabular",
                "TestDatabases", "TestPages",
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ]),
        .testTarget(
            name: "TrainingServiceTests",
            dependencies: [
                "Contracts", "CurlHTTP", "Security", "ServiceClients", "ServiceKit", "SocialDomain", "Storage",
                "Tabular", "TestDatabases",
                "TestPages", "TrainingService",
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ]),
        .testTarget(
            name: "AidServiceTests",
            dependencies: [
                "AidService", "Contracts", "Security", "ServiceKit", "SocialDomain", "Storage", "Tabular",
                "TestDatabases",
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ]),
    ]
)

/// A service: one executable target under `services/`, made of the shared modules and what it needs besides.
func service(_ name: String, dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: "\(name)Service",
        dependencies: [
            "Contracts", "ServiceKit", "SocialDomain",
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
            .product(name: "Hummingbird", package: "hummingbird"),
            .product(name: "Logging", package: "swift-log"),
            .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        ] + dependencies,
        path: "services/\(name.lowercased())",
        exclude: ["README.md"],
        resources: [.copy("Migrations"), .copy("Resources")])
}

/// The same settings for every Swift target.
for target in package.targets where target.type != .system && !["CSQLiteSetup", "CScan"].contains(target.name) {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .treatAllWarnings(as: .error),
    ]
}
