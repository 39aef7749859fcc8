import { expect, test } from 'vitest';
import { memoryRepo } from '../repo/memory.ts';
import { discoverTargets } from './discover.ts';

const DOCKERFILE = 'FROM alpine\nRUN true\n';

function ids(files: Readonly<Record<string, string>>) {
  return discoverTargets(memoryRepo(files)).targets.map(
    (target) => `${target.id} ${target.uses.map((use) => `${use.at.file}:${use.at.line}`).join()}`,
  );
}

test('What a Makefile includes runs in its folder and with its variables.', () => {
  expect(
    ids({
      Makefile:
        'MAKEFILES = scripts/make\nIMAGES ?= images\ninclude $(MAKEFILES)/*.mk\n-include local.mk\nall: docker\n',
      'scripts/make/Docker.mk':
        'BASE = $(IMAGES)/base\n.PHONY: docker\ndocker:\n\tdocker buildx build -t base \\\n\t\t$(BASE)\n\tdocker build -t tool cmd/tool/ --build-arg A=1\n',
      'images/base/Dockerfile': DOCKERFILE,
      'cmd/tool/Dockerfile': DOCKERFILE,
    }),
  ).toEqual(['cmd/tool/Dockerfile scripts/make/Docker.mk:6', 'images/base/Dockerfile scripts/make/Docker.mk:4']);
});

test('A part that no Makefile includes runs where its Dockerfile is found.', () => {
  expect(
    ids({
      'build/common.mk': 'image:\n\tdocker build app\n',
      'app/Dockerfile': DOCKERFILE,
    }),
  ).toEqual(['app/Dockerfile build/common.mk:2']);
});

test('Makefiles that include one another end, and each runs in its own folder.', () => {
  expect(
    ids({
      Makefile: 'include shared.mk\n',
      'shared.mk': 'include Makefile\nimage:\n\tdocker build .\n',
      'app/Makefile': 'include ../shared.mk\n',
      Dockerfile: DOCKERFILE,
      'app/Dockerfile': DOCKERFILE,
    }),
  ).toEqual(['Dockerfile shared.mk:3', 'app/Dockerfile shared.mk:3']);
});

test('To check a Dockerfile is not to build it.', () => {
  const { targets, orphans } = discoverTargets(
    memoryRepo({
      Makefile:
        'lint:\n\tdocker build --check -f lint/Dockerfile .\n\tdocker buildx build --call=outline -f lint/Dockerfile .\n',
      'docker-bake.hcl':
        'target "check" {\n  dockerfile = "lint/Dockerfile"\n  call = "check"\n}\ntarget "app" {\n  dockerfile = "Dockerfile"\n  call = "build"\n}\n',
      Dockerfile: DOCKERFILE,
      'lint/Dockerfile': DOCKERFILE,
    }),
  );
  expect(targets.map((target) => target.id)).toEqual(['Dockerfile']);
  expect(orphans.map((target) => target.id)).toContain('lint/Dockerfile');
});

test('The machine of a coding agent is built from the Dockerfile beside its settings.', () => {
  expect(
    ids({
      '.cursor/environment.json': '{\n  "build": {\n    "dockerfile": "Dockerfile",\n    "context": ".."\n  }\n}\n',
      '.cursor/Dockerfile': DOCKERFILE,
    }),
  ).toEqual(['.cursor/Dockerfile@. .cursor/environment.json:3']);
});

test('A Makefile that another runs by its path runs in the folder of that one, also with Windows line ends.', () => {
  expect(
    ids({
      Makefile:
        'MAKEPATH=$(CURDIR)/make\nTOOLS=$(CURDIR)/tools\nDOCKERBUILD=$(shell which docker) build\nLINT_BUILD=${DOCKERBUILD} -f ${TOOLS}/lint/Dockerfile --build-arg A=${A} .\nBASES=core\nifeq ($(ALL), true)\n\tBASES += log\nendif\nimages:\n\tmake -f $(MAKEPATH)/photon/Makefile build -e A=1\nlint:\n\t$(call ensure_image,lint,1,${LINT_BUILD})\nbases:\n\t@for name in $(BASES); do \\\n\t\targs="--build-arg ARCH=$(ARCH)" ; \\\n\t\t$(DOCKERBUILD) -f make/photon/$$name/Dockerfile.base $$args . ; \\\n\tdone\n',
      'make/photon/Makefile':
        'PHOTON=$(CURDIR)/make/photon\r\nbuild:\r\n\t@cd $(PHOTON)/core && ./prepare.sh && cd - ; \\\r\n\t\tdocker build --pull=$(PULL) -f $(PHOTON)/core/Dockerfile .\r\n',
      'make/photon/core/Dockerfile': DOCKERFILE,
      'make/photon/core/Dockerfile.base': DOCKERFILE,
      'make/photon/log/Dockerfile.base': DOCKERFILE,
      'tools/lint/Dockerfile': DOCKERFILE,
    }),
  ).toEqual([
    'make/photon/core/Dockerfile.base@. Makefile:14',
    'make/photon/core/Dockerfile@. make/photon/Makefile:3',
    'make/photon/log/Dockerfile.base@. Makefile:14',
    'tools/lint/Dockerfile@. Makefile:12',
  ]);
});
