import Synchronization

/// The field keys of a running service. A value under a version that it does not know yet makes it read the key file
/// again: a rotation by command needs no restart.
package final class FieldKeyRing: Sendable {
    package let file: FieldKeyFile
    private let keys: Mutex<FieldKeys>

    package init(_ file: FieldKeyFile) throws(SecurityFault) {
        self.file = file
        keys = Mutex(try file.read())
    }

    package var current: FieldKeys { keys.withLock { $0 } }

    package func seal(_ plain: [UInt8], at place: FieldPlace) throws(SecurityFault) -> [UInt8] {
        try current.encryption.seal(plain, at: place)
    }

    package func open(_ sealed: [UInt8], at place: FieldPlace) throws(SecurityFault) -> [UInt8] {
        do throws(SecurityFault) {
            return try current.encryption.open(sealed, at: place)
        } catch .unknownKeyVersion {
            try reload()
            return try current.encryption.open(sealed, at: place)
        }
    }

    package func reload() throws(SecurityFault) {
        let fresh = try file.read()
        keys.withLock { $0 = fresh }
    }
}
