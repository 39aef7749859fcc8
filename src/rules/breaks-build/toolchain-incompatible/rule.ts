import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'the project asks for another version of its compiler than the image has',
  why: 'go.mod, pom.xml, a .NET project, Cargo.toml and package.json say for which version they are written. An older compiler refuses them: "go.mod requires go >= 1.23", "release version 21 not supported", NETSDK1045, "For Next.js, Node.js version >=20.9.0 is required". webpack 4 stops in every Node since 17.',
  remedy: 'Build in an image of the version that the project asks for.',
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['toolchain-mismatch'], {
      concerns: /^\s*RUN\b.*\b(go|cargo|dotnet|mvnw?|gradlew?|npm|yarn|pnpm|npx)\s/is,
    });
  },
});
