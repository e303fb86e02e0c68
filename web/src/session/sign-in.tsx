import { useSignal } from "@preact/signals";

import { signIn } from "./session";

/** Asks for a token, where the server asks who somebody is. */
export function SignIn() {
  const token = useSignal("");
  const problem = useSignal("");
  const busy = useSignal(false);

  const submit = async () => {
    busy.value = true;
    problem.value = await signIn(token.value.trim());
    busy.value = false;
    // From the start, as somebody: nothing was read before.
    if (problem.value === "") location.reload();
  };

  return (
    <form
      class="stack sign-in"
      aria-label="Sign in"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <h1>Sign in</h1>
      <label>
        Token
        <input
          type="password"
          name="token"
          autocomplete="current-password"
          required
          value={token.value}
          onInput={(event) => (token.value = event.currentTarget.value)}
        />
      </label>
      <p>Whoever looks after Larmor at your facility has one for you. You stay signed in for twelve hours.</p>
      <button type="submit" class="main" disabled={busy.value}>
        Sign in
      </button>
      <p role="status" class="problem">
        {problem.value}
      </p>
    </form>
  );
}
