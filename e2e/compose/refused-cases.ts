import { BASE, type ComposeCase } from './cases.ts';

/** Inputs that Compose refuses. */
export const REFUSED_CASES: readonly ComposeCase[] = [
  {
    title: 'the message of a variable that splits an unquoted value',
    refused: true,
    files: { [BASE]: 'services:\n  a:\n    image: x\n    environment:\n      A: ${SECRET:?error: set it}\n' },
  },
  {
    title: 'a required variable without value',
    refused: true,
    files: { [BASE]: 'services:\n  a: {image: "x:${TAG:?set it}"}\n' },
  },
  { title: 'a key twice', refused: true, files: { [BASE]: 'services:\n  a:\n    image: x\n    image: y\n' } },
  {
    title: 'an unknown key of a service',
    refused: true,
    files: { [BASE]: 'services:\n  a:\n    image: x\n    enviroment: {A: 1}\n' },
  },
  {
    title: 'a dependency on no service',
    refused: true,
    files: { [BASE]: 'services:\n  a: {image: x, depends_on: [bb]}\n' },
  },
  { title: 'an undefined network', refused: true, files: { [BASE]: 'services:\n  a: {image: x, networks: [n]}\n' } },
  {
    title: 'an undefined volume',
    refused: true,
    files: { [BASE]: 'services:\n  a: {image: x, volumes: ["vol:/v"]}\n' },
  },
  { title: 'an undefined secret', refused: true, files: { [BASE]: 'services:\n  a: {image: x, secrets: [s]}\n' } },
  { title: 'a wrong type', refused: true, files: { [BASE]: 'services:\n  a: {image: x, ports: "80:80"}\n' } },
  { title: 'a user that is a number', refused: true, files: { [BASE]: 'services:\n  a: {image: x, user: 1000}\n' } },
  {
    title: 'services that wait for each other',
    refused: true,
    files: { [BASE]: 'services:\n  a: {image: x, depends_on: [b]}\n  b: {image: x, depends_on: [a]}\n' },
  },
  {
    title: 'an env file that is not there',
    refused: true,
    files: { [BASE]: 'services:\n  a: {image: x, env_file: none.env}\n' },
  },
  { title: 'a bad interpolation', refused: true, files: { [BASE]: 'services:\n  a: {image: "x${1}"}\n' } },
  { title: 'a service without image and build', refused: true, files: { [BASE]: 'services:\n  a: {command: x}\n' } },
  {
    title: 'a container name and replicas',
    refused: true,
    files: { [BASE]: 'services:\n  a: {image: x, container_name: n, scale: 2}\n' },
  },
];
