import Security
import SocialDomain
import Testing

struct ScopeTests {
    @Test func `a scope holds its subtree and no neighbour`() throws {
        let scope = Scope(roles: ["aid": ["clerk"]], division: DivisionCode("150402"))

        #expect(scope.contains(try #require(DivisionCode("150402001"))))
        #expect(!scope.contains(try #require(DivisionCode("150403"))))
        #expect(!scope.contains(try #require(DivisionCode("150400"))))
        #expect(!scope.has("clerk", in: "care"))
    }

    @Test func `the fifth failure locks and an unlock forgets`() {
        var state = LockOut()

        for _ in 0..<4 { state.fail(at: 100) }
        #expect(!state.isLocked(at: 100))
        state.fail(at: 100)
        #expect(state.isLocked(at: 129))
        #expect(!state.isLocked(at: 130))
        state.unlock()
        #expect(!state.isLocked(at: 100))
    }

    @Test func `a form token serves in its own session only`() throws {
        let tokens = try FormToken(key: .init(repeating: 3, count: 32))

        let token = tokens.token(session: "one")

        #expect(tokens.accepts(token, session: "one"))
        #expect(!tokens.accepts(token, session: "two"))
    }
}
