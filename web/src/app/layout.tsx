import { Anchor, Container, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';

import classes from '@/app/layout.module.css';
import { MeasuredAccuracy } from '@/features/models/components/measured-accuracy';
import { messages } from '@/lib/messages';

export const Layout = ({ children }: { children: ReactNode }) => (
  <div className={classes.page}>
    <Container component="header" size="lg" w="100%" py="md">
      <Group justify="space-between">
        <a href="/" className={classes.brand}>
          <img src="/icon.svg" alt="" width={28} height={28} />
          {messages.brand}
        </a>
        <Anchor href="/api/docs" size="sm" c="dimmed">
          {messages.apiDocs}
        </Anchor>
      </Group>
    </Container>
    {children}
    <Container component="footer" size="lg" w="100%" py="xl" className={classes.footer}>
      <MeasuredAccuracy model="efficientnet" />
      <Text size="sm" c="dimmed">
        {messages.privacy}
      </Text>
    </Container>
  </div>
);
