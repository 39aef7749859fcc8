import type { Release } from './releases.ts';

/** Libraries for models, bots and queues, looked up on 2026-11-21. Looked for in wheels, there in the first and gone in the second: all of
 * LangChain (0.3.27; 1.0.0 and 1.5.0), openai.error (0.28.1; 1.0.0), Filters (python-telegram-bot 13.15; 20.0), executor (aiogram 2.25.2;
 * 3.0.0). Called beside httpx 0.28.1: each client of openai 1.0.0 and 1.55.2 (refused) and 1.55.3 (made), and those of langchain_openai
 * 0.0.8, 0.1.8 and 0.2.9 with openai 1.10.0, 1.35.3 and 1.54.0 (refused). celery.task and
 * celery.decorators imported in Celery 5.0.0 and 5.1.0 (the second is there yet), 5.2.0 and 5.7.0; the module of pinecone-client 6.0.0 is
 * one `raise`, that of 5.0.1 is not. */
export const FURTHER: readonly Release[] = [
  {
    distribution: 'langchain',
    from: '1',
    python: '3.10',
    uses: {
      gone: [
        'chains',
        'text_splitter',
        'vectorstores',
        'llms',
        'document_loaders',
        'prompts',
        'schema',
        'memory',
        'docstore',
        'callbacks',
        'output_parsers',
        'retrievers',
        'utilities',
      ].map((part) => `langchain.${part}`),
    },
    text: 'LangChain 1 keeps agents, chat models and messages only: the rest is in langchain_classic, langchain_community and langchain_text_splitters',
  },
  {
    distribution: 'langchain',
    from: '1',
    python: '3.10',
    uses: { module: 'langchain.embeddings', names: ['OpenAIEmbeddings', 'HuggingFaceEmbeddings', 'OllamaEmbeddings'] },
    text: 'LangChain 1 has no embeddings of its own: they are in langchain_openai and the like',
  },
  {
    distribution: 'langchain',
    from: '1',
    python: '3.10',
    uses: { module: 'langchain.chat_models', names: ['ChatOpenAI', 'ChatOllama', 'ChatAnthropic'] },
    text: 'LangChain 1 has no chat models of its own: they are in langchain_openai and the like',
  },
  {
    distribution: 'langchain',
    from: '1',
    python: '3.10',
    uses: {
      module: 'langchain.agents',
      names: [
        'AgentExecutor',
        'AgentType',
        'initialize_agent',
        'create_react_agent',
        'create_tool_calling_agent',
        'Tool',
      ],
    },
    text: 'LangChain 1 has no AgentExecutor and what belongs to it: they are in langchain_classic',
  },
  {
    distribution: 'celery',
    from: '5',
    python: '3.6',
    uses: { gone: ['celery.task'] },
    text: 'Celery 5 has no celery.task: shared_task is in celery',
  },
  {
    distribution: 'celery',
    from: '5.2',
    python: '3.7',
    uses: { gone: ['celery.decorators'] },
    text: 'Celery 5.2 has no celery.decorators: shared_task is in celery',
  },
  {
    distribution: 'openai',
    from: '1',
    python: '3.8',
    uses: { gone: ['openai.error', 'openai.embeddings_utils'] },
    text: 'openai 1 has no openai.error: its exceptions are in openai itself',
  },
  ...[
    'openai.OpenAI',
    'openai.AsyncOpenAI',
    'openai.AzureOpenAI',
    'openai.AsyncAzureOpenAI',
    'langchain_openai.ChatOpenAI',
    'langchain_openai.OpenAIEmbeddings',
  ].map((call) => ({
    distribution: 'httpx',
    from: '0.28',
    python: '3.8',
    uses: { call, without: 'http_client' },
    beside: { distribution: 'openai', from: '1', below: '1.55.3' },
    text: `openai before 1.55.3 makes its client with proxies, which httpx 0.28 refuses`,
  })),
  {
    distribution: 'pinecone-client',
    from: '6',
    python: '3.9',
    uses: { module: 'pinecone', names: [] },
    unless: ['pinecone'],
    text: 'pinecone-client 6 only says that it is called pinecone now: it cannot be imported',
  },
  {
    distribution: 'python-telegram-bot',
    from: '20',
    python: '3.8',
    uses: { module: 'telegram.ext', names: ['Filters'] },
    text: 'python-telegram-bot 20 has no Filters: they are called filters',
  },
  {
    distribution: 'aiogram',
    from: '3',
    python: '3.8',
    uses: { module: 'aiogram', names: ['executor'] },
    text: 'aiogram 3 has no executor: a dispatcher polls by itself',
  },
  {
    distribution: 'aiogram',
    from: '3',
    python: '3.8',
    uses: { module: 'aiogram.utils', names: ['executor'] },
    text: 'aiogram 3 has no executor: a dispatcher polls by itself',
  },
];
