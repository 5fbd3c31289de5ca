import Foundation

/// Where the kit's own templates, words and stylesheet lie.
enum KitResources {
    // Not `resourcePath`: of a bundle with a folder of that name it already ends in `Resources`.
    static var folder: String { Bundle.module.bundlePath + "/Resources" }
}
